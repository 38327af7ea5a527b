import { tidy } from './redact';

/** An error and all that caused it, outermost first. */
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

/** The codes along a chain of causes. */
export function codesOf(chain: readonly object[]): string[] {
  return chain.flatMap((cause) =>
    'code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z0-9_/]{1,60}$/.test(cause.code)
      ? [cause.code]
      : [],
  );
}

/** The text of a cause; never shown to people: it can contain headers. */
export const messageOf = (cause: object): string =>
  'message' in cause && typeof cause.message === 'string' ? cause.message : '';

/** One line for the log about what stands behind a failure: every cause with its code, host and words, without secrets. */
export function describeCauses(chain: readonly object[], key: string): string | undefined {
  const parts = chain.map((cause) => {
    const name = 'name' in cause && typeof cause.name === 'string' ? cause.name : 'Error';
    const [code] = codesOf([cause]);
    const words = withoutCredentials(tidy(messageOf(cause), key));
    return `${code === undefined ? tidy(name, key) : `${tidy(name, key)} ${code}`}${words === '' ? '' : `: ${words}`}`;
  });
  // What was aborted or wraps others says the same more than once.
  const distinct = [...new Set(parts)];
  return distinct.length === 0 ? undefined : distinct.join(' ← ');
}

/** Names and passwords in addresses, and what stands behind the word of a sign-in. */
const withoutCredentials = (text: string): string =>
  text
    .replace(/:\/\/[^/@\s]+@/g, '://•••@')
    .replace(/\b(basic|bearer|negotiate|digest|ntlm)\s+[^\s"',]{4,}/gi, '$1 •••');
