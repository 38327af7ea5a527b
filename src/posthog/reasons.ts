import type { Stop } from './errors';

/**
 * Why PostHog refused something. It gives these reasons only in its messages; they are read here and nowhere else, so
 * that callers switch on a code.
 */

/** Why an environment wasn't created (API facts 4.6). */
export type CreationReason =
  | { readonly code: 'plan-limit'; /** What the plan limits, in the plural. */ readonly of: string }
  | { readonly code: 'organization-admins-only'; readonly keys: readonly string[] }
  | { readonly code: 'role-too-low' };

/** Why an environment wasn't deleted (API facts 4.7, 9.3). */
export type DeletionReason = 'under-way' | 'subscription' | 'managed-warehouse' | 'disabled-for-now';

/** The reason in a refused creation; undefined if it is another one. */
export function creationReason({ kind, detail = '' }: Stop): CreationReason | undefined {
  if (kind !== 'forbidden') {
    return undefined;
  }
  const of = /maximum limit of allowed (\w+)/i.exec(detail)?.[1];
  if (of !== undefined) {
    return { code: 'plan-limit', of };
  }
  const list = /only organization admins can set these settings on project creation: (.*)/i.exec(detail)?.[1];
  const keys = list?.match(/\w+/g);
  if (keys) {
    return { code: 'organization-admins-only', keys };
  }
  return /organization admin or above|sufficient permissions/i.test(detail)
    ? { code: 'role-too-low' }
    : undefined;
}

/** The reason in a refused deletion; undefined if it is another one. The first match counts. */
export function deletionReason({ kind, detail = '' }: Stop): DeletionReason | undefined {
  if (/already being deleted/i.test(detail)) {
    return 'under-way';
  }
  if (kind !== 'validation') {
    return undefined;
  }
  if (/subscription/i.test(detail)) {
    return 'subscription';
  }
  if (/temporarily|migration/i.test(detail)) {
    return 'disabled-for-now';
  }
  return /warehouse/i.test(detail) ? 'managed-warehouse' : undefined;
}

/** Whether the server no longer has a file that was stored to create a table from it (API facts 9.2). */
export const hasForgottenUpload = ({ detail = '' }: Stop): boolean => /uploaded file not found/i.test(detail);

/** The keys that a refusal names in its message. Only keys with an underscore can be distinguished from other words. */
export function keysNamedIn({ detail = '' }: Stop, keys: readonly string[]): readonly string[] {
  const words = new Set(detail.match(/\w+/g) ?? []);
  return keys.filter((key) => key.includes('_') && words.has(key));
}
