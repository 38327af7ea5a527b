import type { JsonObject } from './json';
import type { SandboxRequest } from './request';

const DEFAULT_LIMIT = 100;

/** The `limit`/`offset` envelope with absolute links (API facts 1.7). Only the items of the page are presented. */
export function page<T>(
  request: SandboxRequest,
  items: readonly T[],
  present: (item: T) => JsonObject,
): JsonObject {
  const limit = positive(request.query.get('limit')) ?? DEFAULT_LIMIT;
  const offset = Math.max(0, whole(request.query.get('offset')) ?? 0);
  const link = (newOffset: number): string => {
    const query = new URLSearchParams(request.query);
    query.delete('personal_api_key');
    query.set('limit', String(limit));
    query.delete('offset');
    if (newOffset > 0) {
      query.set('offset', String(newOffset));
    }
    return `${request.origin}${request.path}?${query.toString()}`;
  };
  return {
    count: items.length,
    next: offset + limit < items.length ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results: items.slice(offset, offset + limit).map(present),
  };
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

function positive(text: string | null): number | undefined {
  const number = whole(text);
  return number !== undefined && number > 0 ? number : undefined;
}
