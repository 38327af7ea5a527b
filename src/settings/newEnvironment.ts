import { compareAnswer } from './answer';
import { settingsField, settingsFields, type Generation, type SettingsField } from './catalogue';
import { checkSettings } from './check';
import { settingsDocument } from './document';
import { isJsonObject, type JsonObject, type JsonValue } from './json';
import type { DocumentProblem, ValidDocument } from './parse';
import { planSettings } from './patch';

/**
 * What keeps a document from creating an environment, or may make it smaller than it says (API facts 4.6).
 *
 * @returns problems in the order of the document
 */
export function checkNewEnvironment(document: ValidDocument, generation: Generation): DocumentProblem[] {
  const { name } = document.value;
  const at = (path: readonly string[], key: boolean, code: string, message: string): DocumentProblem => ({
    path,
    ...(key ? document.locateKey(path) : document.locate(path)),
    severity: 'error',
    code,
    message,
  });
  // Nothing has been answered yet, so that a key was not answered says nothing; a role is only known on the server.
  const problems = checkSettings(document, { base: {}, generation }).filter(
    ({ code, path }) =>
      code !== 'not-in-response' && !(path[0] === 'name' && typeof name === 'string' && name.trim() === ''),
  );
  if (name === undefined) {
    problems.push(at([], false, 'name-missing', 'The environment needs a name: add "name".'));
  } else if (typeof name === 'string' && name.trim() === '') {
    problems.push(at(['name'], false, 'name-empty', 'Give the environment a name: "name" is empty.'));
  }
  if (Object.hasOwn(document.value, 'primary_dashboard')) {
    problems.push(
      at(
        ['primary_dashboard'],
        true,
        'not-on-creation',
        '"primary_dashboard" cannot be set yet: a new environment gets a dashboard of its own. Remove it.',
      ),
    );
  }
  for (const key of Object.keys(document.value)) {
    if (settingsField(key)?.removedIn === generation) {
      problems.push({
        ...at([key], true, 'removed', `PostHog has taken "${key}" out of the settings and will ignore it.`),
        severity: 'warning',
      });
    }
  }
  return problems.sort((left, right) => left.offset - right.offset);
}

/** The body that creates an environment: everything writable that the document says. */
export function newEnvironmentBody(document: JsonObject, generation: Generation): JsonObject {
  return planSettings({}, document, generation).body;
}

/**
 * The values of a new environment that the server did not take as they were sent, by key: what a PATCH would have
 * to send for the environment to be as the document wanted it.
 *
 * @param sent the body of the creation
 * @param answer the environment as the server has it
 */
export function notTaken(sent: JsonObject, answer: JsonObject, generation: Generation): JsonObject {
  const keys = new Set(compareAnswer(sent, answer, generation).map(({ key }) => key));
  return Object.fromEntries(
    [...keys].map((key) => {
      const [mine, theirs] = [sent[key], answer[key]];
      const merges = settingsField(key)?.patchMode(generation) === 'merge';
      return [key, merges && isJsonObject(mine) && isJsonObject(theirs) ? { ...theirs, ...mine } : mine];
    }),
  );
}

/**
 * Settings that say something about one environment and would be wrong, or dangerous, in another: ids of its own
 * dashboards, flags and themes, what its people have done, and an address that is itself a secret (API facts 4.5).
 */
const staysBehind: ReadonlySet<string> = new Set([
  'name',
  'primary_dashboard',
  'default_data_theme',
  'is_demo',
  'slack_incoming_webhook',
  'session_recording_linked_flag',
  'completed_snippet_onboarding',
  'has_completed_onboarding_for',
  'onboarding_tasks',
  'inject_web_apps',
  'proactive_tasks_enabled',
]);

/** Settings as another environment would start with them. */
export interface Duplicate {
  readonly document: JsonObject;
  /** Keys that hold something in the source and are left out, in the order of the catalogue. */
  readonly leftOut: readonly string[];
}

/**
 * The document that creates another environment with the settings of one: without secrets, without what belongs to
 * the source alone, and without values that only the server writes.
 *
 * @param source the environment as PostHog answered it
 * @param name the name to propose
 */
export function duplicateDocument(source: JsonObject, name: string): Duplicate {
  const settings = settingsDocument(source);
  const document: JsonObject = { name };
  const leftOut: string[] = [];
  for (const field of settingsFields) {
    const value = settings[field.key];
    if (value === undefined || !Object.hasOwn(settings, field.key)) {
      continue;
    }
    if (staysBehind.has(field.key)) {
      if (field.key !== 'name' && !isNothing(value)) {
        leftOut.push(field.key);
      }
    } else if (value !== null || field.nullable) {
      document[field.key] = withoutServerParts(field, value);
    }
  }
  return { document, leftOut };
}

const isNothing = (value: JsonValue): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (isJsonObject(value) && Object.keys(value).length === 0);

function withoutServerParts({ rule }: SettingsField, value: JsonValue): JsonValue {
  if (rule.type !== 'object' || !isJsonObject(value)) {
    return value;
  }
  const { kept = [] } = rule;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !kept.includes(key)));
}

/** A name for a copy that nobody in the list has, compared as PostHog compares (API facts 4.5). */
export function copyName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((one) => one.trim().toLowerCase()));
  for (let number = 1; ; number += 1) {
    const prefix = number === 1 ? 'Copy of ' : `Copy ${number} of `;
    const proposal = prefix + name.slice(0, 200 - prefix.length);
    if (!used.has(proposal.toLowerCase())) {
      return proposal;
    }
  }
}
