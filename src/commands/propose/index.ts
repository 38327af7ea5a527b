export { applyProposedChange } from './applyProposedChange';
export { copyChangeLink, openChangeLink } from './changeLink';
export { proposeChange } from './proposeChange';
