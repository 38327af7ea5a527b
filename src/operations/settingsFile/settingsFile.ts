import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json';
import { parseDocument, type DocumentProblem, type JsonPath, type ValidDocument } from '../../json/parse';
import { parseOrigin } from '../../posthog/origin';
import { checkManaged } from './checkManaged';
import { sandboxHost } from './fileNames';

/** An environment of a settings file. */
export interface FileEnvironment {
  /** Its name in the file. */
  readonly name: string;
  /** Scheme, host and port; or {@link sandboxHost}. */
  readonly host: string;
  readonly id: number;
  /** The project, on servers where projects have several environments. Elsewhere, both IDs are the same. */
  readonly projectId: number;
  /** Whether a change needs its own consent; if `undefined`, the name decides. */
  readonly isProtected: boolean | undefined;
  readonly isReadOnly: boolean;
  /** Its own settings, which override the common ones path by path. */
  readonly settings: JsonObject;
}

/** The contents of a settings file. Settings that aren't in it are never changed. */
export interface SettingsFile {
  readonly environments: readonly FileEnvironment[];
  /** Settings of all environments. */
  readonly settings: JsonObject;
}

/** A settings file, as far as it could be read. */
export interface ReadSettingsFile {
  /** Absent if there is an error anywhere in the file. */
  readonly file?: SettingsFile;
  /** Absent if the text isn't a JSON object. */
  readonly document?: ValidDocument;
  readonly problems: readonly DocumentProblem[];
}

const topKeys = ['$schema', 'environments', 'settings'];
const environmentKeys = ['host', 'id', 'projectId', 'protected', 'readOnly', 'settings'];

/** Messages for a file instead of those that talk about saving to PostHog. */
const fileMessages: Readonly<Record<string, string>> = {
  empty: 'The settings file is empty. Add {"environments": {}}, or run Add Environment to Settings File.',
  comment: "Settings files are plain JSON, which doesn't allow comments. Remove the comment.",
};

/**
 * Reads and checks a settings file. With an error anywhere in it, there is no `file`, because it's only used as a
 * whole.
 */
export function readSettingsFile(text: string): ReadSettingsFile {
  const document = parseDocument(text);
  if (!document.ok) {
    return {
      problems: document.problems.map((one) => ({ ...one, message: fileMessages[one.code] ?? one.message })),
    };
  }
  const reader = new Reader(document);
  const file = reader.file();
  const problems = [...reader.problems].sort((left, right) => left.offset - right.offset);
  return problems.some(({ severity }) => severity === 'error')
    ? { document, problems }
    : { file, document, problems };
}

class Reader {
  readonly problems: DocumentProblem[] = [];

  constructor(private readonly document: ValidDocument) {}

  file(): SettingsFile {
    const { value } = this.document;
    this.onlyKeys(value, topKeys, []);
    if (value.environments === undefined) {
      this.add(
        [],
        'environments-missing',
        'Add "environments", with a name of your choice for each environment.',
      );
    }
    const environments = Object.entries(this.object(value.environments, ['environments']));
    const file = {
      environments: environments.flatMap(([name, one]) => this.environment(name, one)),
      settings: this.settings(value.settings, ['settings'], true),
    };
    this.refuseTwins(file.environments);
    return file;
  }

  private environment(name: string, value: JsonValue | undefined): FileEnvironment[] {
    const path = ['environments', name];
    if (name.trim() === '') {
      this.addAtKey(path, 'name-empty', 'Give the environment a name.');
    }
    if (!isJsonObject(value)) {
      this.add(path, 'type', `"${name}" must be an object with "host" and "id".`);
      return [];
    }
    this.onlyKeys(value, environmentKeys, path);
    const host = this.host(value.host, [...path, 'host']);
    const id = this.id(value.id, [...path, 'id']);
    const projectId = value.projectId === undefined ? id : this.id(value.projectId, [...path, 'projectId']);
    const isProtected = this.flag(value.protected, [...path, 'protected']);
    const isReadOnly = this.flag(value.readOnly, [...path, 'readOnly']) ?? false;
    const settings = this.settings(value.settings, [...path, 'settings'], false);
    return host === undefined || id === undefined || projectId === undefined
      ? []
      : [{ name, host, id, projectId, isProtected, isReadOnly, settings }];
  }

  private host(value: JsonValue | undefined, path: JsonPath): string | undefined {
    if (value === sandboxHost) {
      return sandboxHost;
    }
    if (typeof value !== 'string') {
      const problem = value === undefined ? '"host" is missing' : '"host" must be a string';
      this.add(
        path,
        'host',
        `${problem}. Use the address of your PostHog server, such as "https://eu.posthog.com".`,
      );
      return undefined;
    }
    const parsed = parseOrigin(value);
    if (!parsed.ok) {
      this.add(path, 'host', parsed.problem);
      return undefined;
    }
    return parsed.origin;
  }

  private id(value: JsonValue | undefined, path: JsonPath): number | undefined {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
      return value;
    }
    const key = String(path.at(-1));
    const problem = value === undefined ? `"${key}" is missing` : `"${key}" must be a positive integer`;
    this.add(path, 'id', `${problem}. Use the ID of the environment: choose Copy ID in its context menu.`);
    return undefined;
  }

  private flag(value: JsonValue | undefined, path: JsonPath): boolean | undefined {
    if (value !== undefined && typeof value !== 'boolean') {
      this.add(path, 'type', `"${String(path.at(-1))}" must be true or false.`);
      return undefined;
    }
    return value;
  }

  private settings(value: JsonValue | undefined, path: JsonPath, isCommon: boolean): JsonObject {
    const settings = this.object(value, path);
    this.problems.push(...checkManaged(settings, { document: this.document, path, isCommon }));
    return settings;
  }

  private object(value: JsonValue | undefined, path: JsonPath): JsonObject {
    if (value === undefined || isJsonObject(value)) {
      return value ?? {};
    }
    this.add(path, 'type', `"${String(path.at(-1))}" must be an object.`);
    return {};
  }

  /** A misspelled key would manage nothing, and no one would notice. */
  private onlyKeys(object: JsonObject, known: readonly string[], path: JsonPath): void {
    for (const key of Object.keys(object).filter((one) => !known.includes(one))) {
      const names = known.filter((one) => !one.startsWith('$')).map((one) => `"${one}"`);
      const message = `Unknown key "${key}". Allowed here: ${names.join(', ')}.`;
      this.addAtKey([...path, key], 'unknown-key', message);
    }
  }

  private refuseTwins(environments: readonly FileEnvironment[]): void {
    for (const [index, { name, host, id }] of environments.entries()) {
      const twin = environments.slice(0, index).find((one) => one.host === host && one.id === id);
      if (twin) {
        const message = `"${name}" is the same environment as "${twin.name}". Remove one of them.`;
        this.addAtKey(['environments', name], 'twin', message);
      }
    }
  }

  private add(path: JsonPath, code: string, message: string): void {
    this.problems.push({ path, ...this.document.locate(path), severity: 'error', code, message });
  }

  private addAtKey(path: JsonPath, code: string, message: string): void {
    this.problems.push({ path, ...this.document.locateKey(path), severity: 'error', code, message });
  }
}
