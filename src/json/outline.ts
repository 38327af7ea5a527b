import { getLocation, parseTree, type Node } from 'jsonc-parser';
import { tooDeepAt, type JsonPath, type TextSpan } from './parse';

/** A key of a document or an item of an array, as far as the text can be parsed. */
export interface OutlineEntry {
  readonly path: JsonPath;
  /** From the key to the end of the value. */
  readonly whole: TextSpan;
  /** The key, or the item itself. */
  readonly name: TextSpan;
  readonly value: TextSpan;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** The value of a string, number, or boolean. */
  readonly literal: string | number | boolean | undefined;
  readonly children: readonly OutlineEntry[];
}

/** The contents of a text, as far as they can be parsed if it isn't valid JSON. */
export function outlineOf(text: string): readonly OutlineEntry[] {
  if (tooDeepAt(text) >= 0) {
    return [];
  }
  const root = parseTree(text);
  return root ? entriesOf(root, []) : [];
}

/** The path of the key or item at an offset. */
export function keyPathAt(text: string, offset: number): JsonPath {
  return getLocation(text, offset).path.filter((key) => key !== '');
}

function entriesOf({ type, children = [] }: Node, path: JsonPath): OutlineEntry[] {
  if (type === 'array') {
    return children.map((item, index) => entry([...path, index], item, item));
  }
  if (type !== 'object') {
    return [];
  }
  return children.flatMap(({ children: [key, value] = [] }) =>
    key && value && typeof key.value === 'string' ? [entry([...path, key.value], key, value)] : [],
  );
}

function entry(path: JsonPath, name: Node, value: Node): OutlineEntry {
  const kind = value.type === 'property' ? 'null' : value.type;
  const literal: unknown = value.value;
  return {
    path,
    whole: { offset: name.offset, length: value.offset + value.length - name.offset },
    name: spanOf(name),
    value: spanOf(value),
    kind,
    literal:
      typeof literal === 'string' || typeof literal === 'number' || typeof literal === 'boolean'
        ? literal
        : undefined,
    children: entriesOf(value, path),
  };
}

const spanOf = ({ offset, length }: TextSpan): TextSpan => ({ offset, length });
