import type { DocumentProblem, ProblemFix, TextSpan } from './parse';

/** Ways to fix a text that isn't valid JSON, if it's clear what was meant. */
export function syntaxFixes(
  text: string,
  { code, offset, length }: Pick<DocumentProblem, 'code' | 'offset' | 'length'>,
): readonly ProblemFix[] {
  const span = { offset, length };
  const spotted = text.slice(offset, offset + length);
  const before = text.slice(0, offset).trimEnd().length;
  switch (code) {
    case 'trailing-comma':
      return [meant('Remove the comma', span, '')];
    case 'comma-expected':
      return [meant('Insert a comma', { offset: before, length: 0 }, ',')];
    case 'colon-expected':
      return [meant('Insert a colon', { offset: before, length: 0 }, ':')];
    case 'comment':
      return isWholeComment(spotted) ? [meant('Remove the comment', lineOf(text, span), '')] : [];
    case 'brace-expected':
      return closing(text, '}');
    case 'bracket-expected':
      return closing(text, ']');
    case 'extra-text':
      return [
        edited(
          'Remove everything after the closing }',
          { offset: before, length: text.length - before },
          '\n',
        ),
      ];
    case 'invalid-symbol':
      return bareWord(spotted, span);
    case 'duplicate-key':
      return duplicate(text, span);
    default:
      return [];
  }
}

const edited = (title: string, span: TextSpan, text: string): ProblemFix => ({
  title,
  steps: [{ kind: 'text', ...span, text }],
});

const meant = (title: string, span: TextSpan, text: string): ProblemFix => ({
  ...edited(title, span, text),
  isPreferred: true,
});

const isWholeComment = (text: string): boolean => text.startsWith('//') || /^\/\*[^]*\*\/$/.test(text);

/** A comment with the white space before it, or its whole line if nothing else is on it. */
function lineOf(text: string, { offset, length }: TextSpan): TextSpan {
  const end = offset + length;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const start = lineStart + text.slice(lineStart, offset).trimEnd().length;
  const rest = /^[ \t]*(\r?\n)/.exec(text.slice(end));
  return start === lineStart && rest
    ? { offset: start, length: end + rest[0].length - start }
    : { offset: start === lineStart ? offset : start, length: start === lineStart ? length : end - start };
}

/** Only at the end of a text is it clear where a bracket is missing. */
function closing(text: string, bracket: string): readonly ProblemFix[] {
  const end = text.trimEnd().length;
  return [meant(`Insert the closing ${bracket}`, { offset: end, length: 0 }, bracket)];
}

function bareWord(word: string, span: TextSpan): readonly ProblemFix[] {
  const literal =
    ({ none: 'null', nil: 'null', undefined: 'null' } as const)[word.toLowerCase()] ?? word.toLowerCase();
  if (['true', 'false', 'null'].includes(literal)) {
    return [meant(`Change to ${literal}`, span, literal)];
  }
  return /^[\p{L}\p{N}_.\-/]+$/u.test(word)
    ? [edited('Put it in double quotes', span, JSON.stringify(word))]
    : [];
}

/** The second of two equal keys with its value, and the comma before it. */
function duplicate(text: string, { offset, length }: TextSpan): readonly ProblemFix[] {
  const comma = text.slice(0, offset).trimEnd().length - 1;
  const end = valueEnd(text, offset + length);
  return text[comma] === ',' && end > 0
    ? [edited('Remove this one', { offset: comma, length: end - comma }, '')]
    : [];
}

/** The end of the value after a key. The text is valid JSON apart from its keys. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (const match of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]|,/g)) {
    const [token] = match;
    const at = from + match.index;
    if (depth === 0 && (token === ',' || token === '}' || token === ']')) {
      return text.slice(0, at).trimEnd().length;
    }
    depth += token === '{' || token === '[' ? 1 : token === '}' || token === ']' ? -1 : 0;
  }
  return -1;
}
