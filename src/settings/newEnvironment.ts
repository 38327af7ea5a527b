import { compareAnswer } from './answer';
import { settingsField, settingsFields, type Generation } from './catalogue';
import { checkSettings } from './check';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../json/parse';
import { settingsFixes, withFixes } from './fixes';
import { planSettings } from './patch';

/**
 * What prevents a document from creating an environment, or may create it with fewer settings (API facts 4.6).
 *
 * @returns problems in document order
 */
export function checkNewEnvironment(document: ValidDocument, generation: Generation): DocumentProblem[] {
  const at = (path: readonly string[], key: boolean, code: string, message: string): DocumentProblem => ({
    path,
    ...(key ? document.locateKey(path) : document.locate(path)),
    severity: 'error',
    code,
    message,
  });
  // There is no response yet, so a missing key means nothing.
  const problems = checkSettings(document, { base: {}, generation }).filter(
    ({ code, path }) =>
      code !== 'not-in-response' && !(isNeeded(path[0]) && isBlank(document.value[path[0]])),
  );
  for (const { key, neededOnCreation } of settingsFields) {
    const value = document.value[key];
    if (neededOnCreation === undefined) {
      continue;
    }
    if (value === undefined) {
      problems.push(
        at([], false, `${key}-missing`, `The environment needs ${neededOnCreation}. Add "${key}".`),
      );
    } else if (isBlank(value)) {
      const message = `"${key}" can't be empty. Enter ${neededOnCreation} for the environment.`;
      problems.push(at([key], false, `${key}-empty`, message));
    }
  }
  for (const key of Object.keys(document.value)) {
    const field = settingsField(key);
    if (field?.notOnCreation !== undefined) {
      const message = `"${key}" can't be set yet: ${field.notOnCreation}. Remove it.`;
      problems.push(at([key], true, 'not-on-creation', message));
    } else if (field?.removedIn === generation) {
      problems.push({
        ...at(
          [key],
          true,
          'removed',
          `PostHog removed "${key}" from the settings and will ignore it. Remove it.`,
        ),
        severity: 'warning',
      });
    }
  }
  return withFixes(
    problems.sort((left, right) => left.offset - right.offset),
    (problem) => settingsFixes(problem, { mine: document.value, base: {} }),
  );
}

const isBlank = (value: JsonValue | undefined): boolean => typeof value === 'string' && value.trim() === '';

const isNeeded = (key: JsonPath[number] | undefined): key is string =>
  typeof key === 'string' && settingsField(key)?.neededOnCreation !== undefined;

/** The request body that creates an environment: every writable field of the document. */
export function newEnvironmentBody(document: JsonObject, generation: Generation): JsonObject {
  return planSettings({}, document, generation).body;
}

/**
 * The values of a new environment that the server didn't store as sent, by key: what a PATCH must send to make the
 * environment match the document.
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

/** An unused name for a copy, compared the way PostHog compares names (API facts 4.5). */
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
