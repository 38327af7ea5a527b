/*
 * Everything that turns responses into documents, in one module, so that one import loads it with the first document.
 */
export { formatDocument, maskSecrets, settingsDocument } from '../settings/document';
export { tableDocument } from '../warehouse/tableDocument';
