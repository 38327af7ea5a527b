import { isJsonObject } from '../../json/json';
import { looseObjects } from '../../json/looseObjects';
import { parseDocument } from '../../json/parse';
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

/** How a settings file marks environments, as far as it could be read. */
interface ReadFileMarks {
  readonly marks: readonly FileMark[];
  /** Whether the text is valid JSON with an object, without doubled keys. Otherwise, there may be more marks. */
  readonly isWhole: boolean;
}

/**
 * Reads only how a settings file marks environments. An error elsewhere in the file doesn't remove protection. If the
 * text isn't valid JSON, {@link stricterMarks} says which of its marks count.
 */
export function readFileMarks(text: string): ReadFileMarks {
  const parsed = parseDocument(text);
  if (!parsed.ok) {
    return { marks: looseMarks(text), isWhole: false };
  }
  const { environments } = parsed.value;
  const marks = Object.values(isJsonObject(environments) ? environments : {}).flatMap((one): FileMark[] => {
    const host = isJsonObject(one) && typeof one.host === 'string' ? fileHost(one.host) : undefined;
    if (!isJsonObject(one) || host === undefined || typeof one.id !== 'number') {
      return [];
    }
    const { id, protected: protect, readOnly } = one;
    return [
      { host, id, protect: typeof protect === 'boolean' ? protect : undefined, readOnly: readOnly === true },
    ];
  });
  return { marks, isWhole: true };
}

/** With an unresolved conflict in an environment, both sides can have a host, an ID, and marks. */
function looseMarks(text: string): readonly FileMark[] {
  return looseObjects(text).flatMap((one) => {
    const valuesOf = (key: string): readonly unknown[] => one.get(key) ?? [];
    const hosts = valuesOf('host').flatMap((host) =>
      typeof host === 'string' ? (fileHost(host) ?? []) : [],
    );
    const ids = valuesOf('id').filter((id) => typeof id === 'number');
    const said = valuesOf('protected').filter((value) => typeof value === 'boolean');
    const protect = said.length === 0 ? undefined : said.includes(true);
    const readOnly = valuesOf('readOnly').includes(true);
    return hosts.flatMap((host) => ids.map((id) => ({ host, id, protect, readOnly })));
  });
}

/**
 * The marks of a file that isn't valid JSON at the moment: those it had as a whole, and those that can be read now. It
 * only turns protection off if it did so as a whole, and doesn't say otherwise now.
 */
export function stricterMarks(whole: readonly FileMark[], now: readonly FileMark[]): readonly FileMark[] {
  const saysOtherwise = ({ host, id }: FileMark): boolean =>
    now.some((one) => one.host === host && one.id === id && one.protect !== false);
  return [
    ...whole.map((mark) =>
      mark.protect === false && saysOtherwise(mark) ? { ...mark, protect: undefined } : mark,
    ),
    ...now.map((mark) => ({ ...mark, protect: mark.protect === true ? true : undefined })),
  ];
}
