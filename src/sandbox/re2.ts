import { RE2JS, RE2JSSyntaxException } from 're2js';

/** A compiled RE2 expression. */
export interface Re2 {
  /** Replaces every match with a literal string. */
  replaceAll(text: string, by: string): string;
  /** Number of capture groups. */
  groups: number;
}

/** RE2's own messages where its JavaScript port words them differently. */
const WORDS: Record<string, string> = {
  'missing closing )': 'missing )',
  'missing closing ]': 'missing ]',
  'missing argument to repetition operator': 'no argument for repetition operator',
  'invalid nested repetition operator': 'bad repetition operator',
  'invalid repeat count': 'invalid repetition size',
  'invalid or unsupported Perl syntax': 'invalid perl operator',
  'invalid named capture': 'invalid named capture group',
  'trailing backslash at end of expression': 'trailing \\',
};

/** The compiled expression, or why RE2 rejects it (API facts 4.5, path_cleaning_filters). */
export function compileRe2(source: string): { expression: Re2 } | { problem: string } {
  try {
    const compiled = RE2JS.compile(source);
    return {
      expression: {
        groups: compiled.groupCount(),
        replaceAll: (text, by) => compiled.matcher(text).replaceAll(RE2JS.quoteReplacement(by)),
      },
    };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) {
      throw error;
    }
    const description = error.getDescription();
    const part = error.getPattern();
    return { problem: `${WORDS[description] ?? description}${part ? `: ${part}` : ''}` };
  }
}
