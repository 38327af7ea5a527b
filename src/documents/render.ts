/* What turns an answer into a document: one module, so that one import loads it with the first document. */
export { formatDocument, maskSecrets, settingsDocument } from '../settings/document';
export { tableDocument } from '../warehouse/tableDocument';
