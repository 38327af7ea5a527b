import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** The folder of the checkout: the nearest one above this (bundled) file with a package.json. */
export const repoRoot = findUp(dirname(fileURLToPath(import.meta.url)), 'package.json');

/** Everything the harness installs or writes while it runs; ignored by git. */
export const vscodeTestDir = join(repoRoot, '.vscode-test');

/** Screenshots and logs of failed tests; ignored by git. */
export const testResultsDir = join(repoRoot, 'test-results');

function findUp(from: string, name: string): string {
  if (existsSync(join(from, name))) {
    return from;
  }
  const parent = dirname(from);
  if (parent === from) {
    throw new Error(`No ${name} above this file: run it from a built checkout of the project.`);
  }
  return findUp(parent, name);
}

const manifestSchema = v.object({
  name: v.string(),
  version: v.string(),
  publisher: v.string(),
  engines: v.object({ vscode: v.string() }),
});

/** The parts of package.json that the harness needs. */
export function readManifest(): v.InferOutput<typeof manifestSchema> {
  return v.parse(manifestSchema, JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')));
}
