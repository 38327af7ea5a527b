import { tidy } from './redact';

/** An error and all its causes, outermost first. */
export function* causesOf(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 8) {
    return;
  }
  yield error;
  if ('cause' in error) {
    yield* causesOf(error.cause, depth + 1);
  }
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const inner of error.errors.slice(0, 8)) {
      yield* causesOf(inner, depth + 1);
    }
  }
}

/** The codes in a chain of causes. */
export function codesOf(chain: readonly object[]): string[] {
  return chain.flatMap((cause) =>
    'code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z0-9_/]{1,60}$/.test(cause.code)
      ? [cause.code]
      : [],
  );
}

/** The text of a cause; never shown to the user, because it can contain headers. */
export const messageOf = (cause: object): string =>
  'message' in cause && typeof cause.message === 'string' ? cause.message : '';

/**
 * The causes of a failure, safe for the log: a chain of errors whose messages contain each cause's name, code, and
 * message, without secrets. The caught error itself can contain headers, so it is never kept.
 *
 * @param key only used to redact it; empty if none was read
 */
export function safeCause(caught: unknown, key = ''): Error | undefined {
  const parts = [...causesOf(caught)].map((cause) => {
    const name = 'name' in cause && typeof cause.name === 'string' ? cause.name : 'Error';
    const [code] = codesOf([cause]);
    const words = withoutCredentials(tidy(messageOf(cause), key));
    return `${code === undefined ? tidy(name, key) : `${tidy(name, key)} ${code}`}${words === '' ? '' : `: ${words}`}`;
  });
  // Aborted requests and wrapped errors repeat the same cause.
  return [...new Set(parts)].reduceRight<Error | undefined>(
    (cause, part) => new Error(part, cause && { cause }),
    undefined,
  );
}

/** Masks names and passwords in addresses, and credentials after an authentication scheme. */
const withoutCredentials = (text: string): string =>
  text
    .replace(/:\/\/[^/@\s]+@/g, '://•••@')
    .replace(/\b(basic|bearer|negotiate|digest|ntlm)\s+[^\s"',]{4,}/gi, '$1 •••');
