import { isBigNumber, isJsonObject, own, type JsonObject, type JsonValue } from '../json/json';
import type { JsonPath } from '../json/parse';
import { withoutAdded } from '../settings/addedKeys';
import { settingsField, type SettingsField } from '../settings/catalogue';
import { maskSecretsAt } from '../settings/document';
import type { EnvironmentAt } from './services';

/**
 * Settings as a resource of PostHog's Terraform provider. Settings that the provider doesn't support (API facts 9.4)
 * become comments with the reason.
 *
 * @param paths the settings, or parts of them; a part stands for the whole setting
 */
export function terraformOf(
  { environment, name }: EnvironmentAt,
  settings: JsonObject,
  paths: readonly JsonPath[],
): string {
  const keys = [...new Set(paths.map(([key]) => String(key)))];
  const lines = keys.flatMap((key): (readonly [boolean, string])[] => {
    const field = settingsField(key);
    const value = own(settings, key);
    if (field?.access !== 'writable' || value === undefined) {
      return [];
    }
    const found = attributeOf(field, value);
    return 'hcl' in found
      ? [[true, `${field.key} = ${found.hcl}`]]
      : [[false, `# ${field.key} = ${shown(field, value)} (${found.why})`]];
  });
  const known = lines.filter(([isKnown]) => isKnown).map(([, line]) => line);
  const others = lines.filter(([isKnown]) => !isKnown).map(([, line]) => line);
  return [
    `# Settings of ${JSON.stringify(name)} in PostHog.`,
    `resource "posthog_project_settings" "${identifier(name)}" {`,
    `  project_id = ${hclString(String(environment.id))}`,
    ...(known.length > 0 ? [''] : []),
    ...known.map((line) => `  ${line}`),
    ...(others.length > 0 ? ['', '  # Not managed by this resource:'] : []),
    ...others.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

/** The value in a comment: JSON on one line, without secrets. */
const shown = ({ key }: SettingsField, value: JsonValue): string =>
  JSON.stringify(maskSecretsAt([key], value));

function attributeOf(
  { terraform, key, rule }: SettingsField,
  value: JsonValue,
): { readonly hcl: string } | { readonly why: string } {
  if (JSON.stringify(maskSecretsAt([key], value)) !== JSON.stringify(value)) {
    return { why: 'it contains a secret' };
  }
  if (terraform === undefined) {
    return { why: "the provider doesn't support it" };
  }
  if (terraform === 'posthog_project') {
    return { why: 'it belongs to posthog_project' };
  }
  if (value === null) {
    return { why: "the provider can't set null" };
  }
  if (terraform === 'json') {
    return { hcl: `jsonencode(${hclValue(withoutAdded(value), '  ')})` };
  }
  if (terraform === 'object') {
    return objectOf(rule.type === 'object' ? Object.keys(rule.keys ?? {}) : [], value);
  }
  if (rule.type === 'array' && rule.maxWildcards !== undefined && JSON.stringify(value).includes('*')) {
    return { why: "the provider doesn't support wildcards" };
  }
  // Unsorted: the provider preserves the order of lists, so a different one would be drift.
  return { hcl: hclValue(value, '  ') };
}

/** An object with its keys in snake case, all of which the provider requires. */
function objectOf(
  keys: readonly string[],
  value: JsonValue,
): { readonly hcl: string } | { readonly why: string } {
  if (!isJsonObject(value)) {
    return { why: "the provider can't set it" };
  }
  const missing = keys.filter((key) => typeof own(value, key) !== 'boolean');
  if (missing.length > 0) {
    return { why: `the provider also requires ${missing.join(' and ')}` };
  }
  const parts = keys.map((key) => `    ${snakeCase(key)} = ${hclValue(own(value, key) ?? null, '    ')}`);
  return { hcl: `{\n${parts.join('\n')}\n  }` };
}

const snakeCase = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A JSON value as HCL. */
function hclValue(value: JsonValue, indent: string): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return value.length === 0
      ? '[]'
      : value.some((item) => typeof item === 'object')
        ? `[\n${value.map((item) => `${deeper}${hclValue(item, deeper)},\n`).join('')}${indent}]`
        : `[${value.map((item) => hclValue(item, deeper)).join(', ')}]`;
  }
  if (isJsonObject(value)) {
    const lines = Object.entries(value).map(
      ([key, item]) => `${deeper}${hclString(key)} = ${hclValue(item ?? null, deeper)}\n`,
    );
    return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
  }
  return typeof value === 'string'
    ? hclString(value)
    : isBigNumber(value)
      ? value.rawJSON
      : JSON.stringify(value);
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': String.raw`\"`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** A quoted HCL string: nothing in it is a template, ends the string, or breaks the line. */
function hclString(text: string): string {
  const escaped = text.replaceAll(
    /[\\"\u0000-\u001f\u007f\u2028\u2029]/g,
    (character) =>
      escapes[character] ?? String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped.replaceAll(/([$%])\{/g, '$1$1{')}"`;
}

/** A name as an HCL identifier. */
function identifier(name: string): string {
  const word = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(word) ? word : word === '' ? 'environment' : `environment_${word}`;
}
