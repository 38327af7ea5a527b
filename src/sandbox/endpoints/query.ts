import type { Endpoint } from './endpoint';

/** HogQL (API facts 5.4). */
export const queryEndpoints: Endpoint[] = [];
