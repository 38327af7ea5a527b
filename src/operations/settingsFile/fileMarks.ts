import { isJsonObject, parseJson } from '../../json/json';
import { fileHost } from './fileHost';

/** How a settings file marks an environment for everyone who uses the file. */
export interface FileMark {
  /** Scheme, host and port; or the name of the sandbox. */
  readonly host: string;
  readonly id: number;
  /** If `undefined`, the name decides. */
  readonly protect: boolean | undefined;
  readonly readOnly: boolean;
}

/**
 * Reads only how a settings file marks environments; `undefined` if the text isn't JSON. An error elsewhere in the file
 * doesn't remove protection.
 */
export function readFileMarks(text: string): readonly FileMark[] | undefined {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return undefined;
  }
  const environments = isJsonObject(value) && isJsonObject(value.environments) ? value.environments : {};
  return Object.values(environments).flatMap((one): FileMark[] => {
    const host = isJsonObject(one) && typeof one.host === 'string' ? fileHost(one.host) : undefined;
    if (!isJsonObject(one) || host === undefined || typeof one.id !== 'number') {
      return [];
    }
    const { id, protected: protect, readOnly } = one;
    return [
      { host, id, protect: typeof protect === 'boolean' ? protect : undefined, readOnly: readOnly === true },
    ];
  });
}
