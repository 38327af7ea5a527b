import { compareAnswer } from './answer';
import { settingsField, type Generation } from './catalogue';
import { checkSettings } from './check';
import { isJsonObject, type JsonObject } from '../json/json';
import type { DocumentProblem, ValidDocument } from '../json/parse';
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
  for (const key of Object.keys(document.value)) {
    const field = settingsField(key);
    if (field?.notOnCreation !== undefined) {
      const message = `"${key}" cannot be set yet: ${field.notOnCreation}. Remove it.`;
      problems.push(at([key], true, 'not-on-creation', message));
    } else if (field?.removedIn === generation) {
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
