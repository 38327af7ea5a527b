import { getLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { isBigNumber, readNumber, type JsonObject, type JsonValue } from './json';
import { exactNumber } from './exactNumber';

/** A range of a document, in UTF-16 units from its start. */
export interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

export type JsonPath = readonly (string | number)[];

/** A change to a document: a value at a path, the name of a key, or a range of text that isn't JSON yet. */
export type FixStep =
  | { readonly kind: 'set'; readonly path: JsonPath; readonly value: JsonValue }
  | { readonly kind: 'remove'; readonly path: JsonPath }
  | { readonly kind: 'rename'; readonly path: JsonPath; readonly to: string }
  | ({ readonly kind: 'text'; readonly text: string } & TextSpan);

/** A way to solve a problem, as data that any surface can offer. */
export interface ProblemFix {
  readonly title: string;
  readonly steps: readonly FixStep[];
  /** It's clearly what was meant. */
  readonly isPreferred?: true;
}

/** Something that the user should know about a document, at its position. An `error` keeps it from being saved. */
export interface DocumentProblem extends TextSpan {
  readonly path: JsonPath;
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: string;
  readonly message: string;
  /** Ways to solve it, the most likely first. */
  readonly fixes?: readonly ProblemFix[];
}

/** A document with a JSON object. */
export interface ValidDocument {
  readonly ok: true;
  readonly value: JsonObject;
  /** The position of the value at a path; if there is none, of its nearest ancestor's key. */
  readonly locate: (path: JsonPath) => TextSpan;
  /** The position of the key at the end of a path; otherwise like `locate`. */
  readonly locateKey: (path: JsonPath) => TextSpan;
}

/** A position for values that have no text. */
export const nowhere = (): TextSpan => ({ offset: 0, length: 0 });

/** A value that is checked like a document, although it wasn't parsed from a text of its own. */
export const withoutText = (
  value: JsonObject,
  locate: (path: JsonPath) => TextSpan = nowhere,
): ValidDocument => ({ ok: true, value, locate, locateKey: locate });

export type ParsedDocument =
  ValidDocument | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** If there are more, they probably have the same cause. */
const maxProblems = 50;
/** Deeper than any setting. Keeps malicious nesting from exhausting the stack. */
const maxDepth = 200;
/** What to say about a text with more levels than that. */
export const tooDeep = `This is nested more than ${maxDepth} levels deep. No setting needs that. Flatten it.`;

/** Messages for the parser's error numbers (jsonc-parser `ParseErrorCode`). */
const syntaxMessages: Readonly<Record<number, readonly [code: string, message: string]>> = {
  1: [
    'invalid-symbol',
    "This isn't JSON. Strings need double quotes. The only words without them are true, false, and null.",
  ],
  2: ['invalid-number', "This isn't a JSON number. Write digits, such as 10 or 0.4."],
  3: ['key-expected', 'Expected a key in double quotes.'],
  4: [
    'value-expected',
    'Expected a value: a string in double quotes, a number, true, false, null, [ ], or { }.',
  ],
  5: ['colon-expected', 'Expected a colon between the key and its value.'],
  6: ['comma-expected', 'Expected a comma between this entry and the previous one.'],
  7: ['brace-expected', 'A closing } is missing.'],
  8: ['bracket-expected', 'A closing ] is missing.'],
  9: ['extra-text', 'The document ends before this. Remove everything after the closing }.'],
  10: ['comment', "PostHog doesn't store comments. Remove this one."],
  11: ['comment', "This comment has no end, and PostHog doesn't store comments. Remove it."],
  12: ['string-end', 'This string has no closing double quote. Add it on the same line.'],
  13: ['invalid-number', 'This number is incomplete.'],
  14: ['invalid-unicode', 'Expected four hexadecimal digits after \\u.'],
  15: ['invalid-escape', "JSON doesn't have this escape sequence. Write \\\\ for a backslash."],
  16: [
    'invalid-character',
    "JSON strings can't contain control characters. Write \\n for a new line or \\t for a tab.",
  ],
};

const problem = (span: TextSpan, code: string, message: string, path: JsonPath = []): DocumentProblem => ({
  path,
  offset: span.offset,
  length: span.length,
  severity: 'error',
  code,
  message,
});

/** The offset of the first bracket that is nested too deeply, or -1. */
export function tooDeepAt(text: string): number {
  let depth = 0;
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|[[{]|[\]}]/g)) {
    if (match[0] === '{' || match[0] === '[') {
      depth += 1;
      if (depth > maxDepth) {
        return match.index;
      }
    } else if (match[0] === '}' || match[0] === ']') {
      depth -= 1;
    }
  }
  return -1;
}

function syntaxProblems(text: string, errors: readonly ParseError[]): DocumentProblem[] {
  let explainedTo = -1;
  return errors.flatMap(({ error, offset, length }) => {
    // After one error, the parser often reports the rest of the line too.
    if (offset <= explainedTo) {
      return [];
    }
    const lineEnd = text.indexOf('\n', offset);
    explainedTo = lineEnd < 0 ? text.length : lineEnd;
    const [code, message] = syntaxMessages[error] ?? ['syntax', "This isn't JSON."];
    if ((code === 'value-expected' || code === 'key-expected') && /^\s*[\]}]/.test(text.slice(offset))) {
      const comma = text.slice(0, offset).trimEnd().length - 1;
      if (text[comma] === ',') {
        return problem(
          { offset: comma, length: 1 },
          'trailing-comma',
          "JSON doesn't allow a comma after the last entry. Remove it.",
        );
      }
    }
    const start = Math.min(offset, Math.max(text.length - 1, 0));
    return problem({ offset: start, length: Math.max(length, 1) }, code, message);
  });
}

/** Builds the value of a node. Adds problems that are valid syntax, but that PostHog would never see. */
function valueOf(node: Node, text: string, path: JsonPath, problems: DocumentProblem[]): JsonValue {
  switch (node.type) {
    case 'object': {
      const object: JsonObject = {};
      for (const { children: [keyNode, valueNode] = [] } of node.children ?? []) {
        if (!keyNode || !valueNode || typeof keyNode.value !== 'string') {
          continue;
        }
        const key = keyNode.value;
        const keyPath = [...path, key];
        if (key === '__proto__') {
          problems.push(
            problem(keyNode, 'proto-key', 'The key "__proto__" isn\'t allowed. Choose another one.', keyPath),
          );
          continue;
        }
        if (Object.hasOwn(object, key)) {
          problems.push(
            problem(
              keyNode,
              'duplicate-key',
              `The key "${key}" appears twice, and only one of its values could be saved. Remove one.`,
              keyPath,
            ),
          );
        }
        object[key] = valueOf(valueNode, text, keyPath, problems);
      }
      return object;
    }
    case 'array':
      return (node.children ?? []).map((child, index) => valueOf(child, text, [...path, index], problems));
    case 'number': {
      const literal = text.slice(node.offset, node.offset + node.length);
      const number = readNumber(literal);
      if (!isBigNumber(number) && !exactNumber(literal)) {
        problems.push(
          problem(
            node,
            'inexact-number',
            `The number ${literal} has more digits than can be kept exactly and would be saved as ${Number(literal)}. Shorten it, or write it as a string in double quotes.`,
            path,
          ),
        );
      }
      return number;
    }
    default:
      return node.value as string | boolean | null;
  }
}

/** The node at a path and the node of its key, or else those of the nearest existing ancestor. */
function find(root: Node, path: JsonPath): { value: Node; key: Node | undefined; found: boolean } {
  let value = root;
  let key: Node | undefined;
  for (const segment of path) {
    const property =
      typeof segment === 'string' && value.type === 'object'
        ? value.children?.find(({ children }) => children?.[0]?.value === segment)
        : undefined;
    const child =
      typeof segment === 'number' && value.type === 'array'
        ? value.children?.[segment]
        : property?.children?.[1];
    if (!child) {
      return { value, key, found: false };
    }
    key = property?.children?.[0];
    value = child;
  }
  return { value, key, found: true };
}

const span = ({ offset, length }: TextSpan): TextSpan => ({ offset, length });

/** The text that was parsed last: marks, checks, and a save look at the same one in turn, and none changes the value. */
let last: { readonly text: string; readonly parsed: ParsedDocument } | undefined;

/**
 * Parses a document as strict JSON with an object at its root. Anything that a save would lose or change is a problem,
 * too: comments, trailing commas, duplicate keys, fractions that a double can't keep.
 */
export function parseDocument(text: string): ParsedDocument {
  if (last?.text !== text) {
    last = { text, parsed: parse(text) };
  }
  return last.parsed;
}

function parse(text: string): ParsedDocument {
  if (text.trim() === '') {
    return {
      ok: false,
      problems: [
        problem(
          { offset: 0, length: 0 },
          'empty',
          'The document is empty, so there is nothing to save. Undo, or revert the file to get the settings back.',
        ),
      ],
    };
  }
  const deep = tooDeepAt(text);
  if (deep >= 0) {
    return { ok: false, problems: [problem({ offset: deep, length: 1 }, 'too-deep', tooDeep)] };
  }
  const errors: ParseError[] = [];
  // A byte order mark isn't the user's mistake. A space instead keeps all offsets.
  const json = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const root = parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0 || !root) {
    return { ok: false, problems: syntaxProblems(json, errors).slice(0, maxProblems) };
  }
  const problems: DocumentProblem[] = [];
  if (root.type !== 'object') {
    const message = 'The document must be a single JSON object, from { to }.';
    return { ok: false, problems: [problem(root, 'not-an-object', message)] };
  }
  const value = valueOf(root, json, [], problems);
  if (problems.length > 0) {
    return { ok: false, problems: problems.slice(0, maxProblems) };
  }
  /** For a missing value, the key of its parent; for the root, its brace. Marking a whole object helps no one. */
  const nearest = (owner: Node, key: Node | undefined): TextSpan =>
    key ? span(key) : { offset: owner.offset, length: 1 };
  return {
    ok: true,
    value: value as JsonObject,
    locate: (path) => {
      const { value: node, key, found } = find(root, path);
      return found && path.length > 0 ? span(node) : nearest(node, key);
    },
    locateKey: (path) => {
      const { value: node, key, found } = find(root, path);
      return found && !key && path.length > 0 ? span(node) : nearest(node, key);
    },
  };
}

/** The top-level key at an offset, even if the text isn't valid JSON. */
export function keyAt(text: string, offset: number): string | undefined {
  const [key] = getLocation(text, offset).path;
  return typeof key === 'string' && key !== '' ? key : undefined;
}
