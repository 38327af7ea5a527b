import { settingsField, settingsFields } from './catalogue';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json';
import { maskSecretText, namesSecret } from './secrets';

const mask = '••••••';

/**
 * The writable part of an environment, in catalogue order. It never has read-only, secret or refused fields, keys that
 * only the server writes, or fields the catalogue doesn't know (API facts 4.5).
 *
 * @param response the environment object in PostHog's response
 */
export function settingsDocument(response: JsonObject): JsonObject {
  const document: JsonObject = {};
  for (const { key, access, rule } of settingsFields) {
    const value = response[key];
    if (access !== 'writable' || value === undefined || !Object.hasOwn(response, key)) {
      continue;
    }
    const hidden = rule.type === 'object' ? rule.hidden : undefined;
    document[key] =
      hidden && isJsonObject(value)
        ? Object.fromEntries(Object.entries(value).filter(([subKey]) => !hidden.test(subKey)))
        : value;
  }
  return document;
}

/** JSON as the editor shows it: indented by two spaces, with a final newline. */
export function formatDocument(value: JsonObject): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function isSecretField(key: string): boolean {
  const field = settingsField(key);
  return field?.access === 'secret' || field?.confidential === true;
}

function masked(value: JsonValue, key: string, inSecret: boolean): JsonValue {
  const isSecret = inSecret || namesSecret(key) || isSecretField(key);
  if (Array.isArray(value)) {
    return value.map((item) => masked(item, '', isSecret));
  }
  if (isJsonObject(value)) {
    return maskedObject(value, isSecret);
  }
  if (value === null || value === '' || typeof value === 'boolean') {
    return value;
  }
  if (isSecret) {
    return mask;
  }
  return typeof value === 'string' ? maskSecretText(value, mask) : value;
}

const maskedObject = (object: JsonObject, isSecret: boolean): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      value === undefined ? value : masked(value, key, isSecret),
    ]),
  );

/**
 * A value of a settings or table document as it may be shown outside the document, with secrets replaced by dots.
 *
 * @param path where it is: a secret stays one at any depth
 */
export function maskSecretsAt(path: readonly (string | number)[], value: JsonValue): JsonValue {
  return masked(
    value,
    '',
    path.some((part) => typeof part === 'string' && (namesSecret(part) || isSecretField(part))),
  );
}

/**
 * A copy of a response in which every secret, at any depth, is replaced with dots: known secret fields, keys that name
 * a credential, and anything in a string that looks like a secret, such as the signature of a URL.
 */
export function maskSecrets(response: JsonObject): JsonObject {
  return maskedObject(response, false);
}
