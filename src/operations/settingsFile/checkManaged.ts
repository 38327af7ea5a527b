import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../../json/parse';
import { settingsField, settingsFields, type SettingsField } from '../../settings/catalogue';
import { maskSecretsAt } from '../../settings/document';
import { nearest } from '../../settings/nearest';
import { portablePart, type Bound } from '../../settings/portable';
import { breaches, type Breach } from '../../settings/ruleCheck';
import type { FieldRule } from '../../settings/rules';
import { withArticle } from '../compare/difference';
import { pathName } from '../../json/pathName';

/** The location of managed settings in a file. */
export interface ManagedPlace {
  readonly document: ValidDocument;
  readonly path: JsonPath;
  /** Whether they apply to all environments. */
  readonly isCommon: boolean;
}

/**
 * The problems of settings in a settings file that can be found without a server. Secrets don't belong in a repository,
 * and a reference to an object of one environment means nothing in another one.
 */
export function checkManaged(
  settings: JsonObject,
  { document, path: at, isCommon }: ManagedPlace,
): readonly DocumentProblem[] {
  return Object.entries(settings).flatMap(([key, value]): DocumentProblem[] => {
    const path = [...at, key];
    const problem = (
      below: JsonPath,
      code: string,
      message: string,
      severity: DocumentProblem['severity'] = 'error',
      isOfKey = below.length === 0,
    ): DocumentProblem => ({
      path: [...path, ...below],
      ...(isOfKey
        ? document.locateKey(path)
        : (code === 'unknown-key' ? document.locateKey : document.locate)([...path, ...below])),
      severity,
      code,
      message,
    });
    const field = settingsField(key);
    if (value === undefined) {
      return [];
    }
    if (!field) {
      return [problem([], 'unknown-key', `Unknown setting "${key}". ${meant(key)}`)];
    }
    const refusal = whyRefused(field, isCommon);
    if (refusal !== undefined) {
      return [problem([], 'refused', refusal)];
    }
    const secrets = secretsIn([key], value).map((spot) =>
      problem(
        spot.slice(1),
        'secret',
        `"${pathName(spot)}" contains a secret. Settings files are stored with your code, so they can't contain secrets. Remove it, and set it in PostHog.`,
      ),
    );
    const references = referencesIn(field.rule, value).map((reference) =>
      problem(
        reference.path,
        'reference',
        `This points to ${withArticle(reference.pointsTo)} in one environment. A settings file can only contain values that work in every environment. Remove "${key}"${reference.path.length > 0 ? ' or this part of it' : ''}.`,
      ),
    );
    return secrets.length + references.length > 0
      ? [...secrets, ...references]
      : breachesOf(field, value).map(({ path: below, code, message, certain }) =>
          problem(below, code, message, certain ? 'error' : 'warning', false),
        );
  });
}

/** Why a setting can't be in a settings file, whatever its value. */
export function whyRefused(field: SettingsField, isCommon: boolean): string | undefined {
  const { key, access, confidential, staysBehind, pointsTo } = { pointsTo: field.rule.pointsTo, ...field };
  if (access === 'secret' || confidential) {
    return `"${key}" is a secret. Settings files are stored with your code, so they can't contain secrets. Remove it.`;
  }
  if (access !== 'writable') {
    return `"${key}" is set by PostHog and can't be changed. Remove it.`;
  }
  if (typeof pointsTo === 'string') {
    return `"${key}" points to ${withArticle(pointsTo)} in one environment. A settings file can only contain values that work in every environment. Remove it.`;
  }
  return staysBehind && isCommon
    ? `"${key}" belongs to one environment. Move it to that environment's settings.`
    : undefined;
}

/** The parts of a value that point to objects of one environment. Paths are relative to the value. */
export function referencesIn(rule: FieldRule, value: JsonValue): readonly Bound[] {
  const bound: Bound[] = [];
  portablePart(rule, value, [], bound, { wholeItems: false });
  return bound;
}

/** Where a value holds a secret: the deepest places that would be masked. */
export function secretsIn(path: JsonPath, value: JsonValue): readonly JsonPath[] {
  const masked = maskSecretsAt(path, value);
  if (jsonEquals(masked, value)) {
    return [];
  }
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => secretsIn([...path, index], item))
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([key, part]) =>
          part === undefined ? [] : secretsIn([...path, key], part),
        )
      : [];
  return below.length > 0 ? below : [path];
}

/**
 * How a value breaks its rule on servers of any generation, because an environment's generation is only known when it's
 * planned. Keys left out of an object aren't managed, so none count as missing.
 */
export function breachesOf(field: SettingsField, value: JsonValue): readonly Breach[] {
  const [newer, older] = (['current', 'documented'] as const).map((generation) =>
    breaches(field, value, undefined, { generation }),
  );
  return (newer ?? [])
    .filter(({ code, path }) => code !== 'required' || path.some((part) => typeof part === 'number'))
    .map((one) => ({
      ...one,
      certain:
        one.certain &&
        (older ?? []).some(
          ({ certain, code, path }) => certain && code === one.code && path.join() === one.path.join(),
        ),
    }));
}

/** What an unknown key may be a misspelling of, as a sentence. */
function meant(key: string): string {
  const fields = settingsFields.filter((field) => whyRefused(field, true) === undefined);
  const [name] = nearest(
    key,
    fields.map((field) => field.key),
    1,
    (candidate) => [settingsField(candidate)?.title ?? '', ...(settingsField(candidate)?.synonyms ?? [])],
  );
  return name === undefined ? 'Check the spelling.' : `Did you mean "${name}"?`;
}
