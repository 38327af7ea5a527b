import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ESLint } from 'eslint';
import { repoRoot } from '../../harness/paths';

/** The rules of the house. They need no types, so that a text is checked at once. */
const houseRules = [
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-syntax',
  'no-restricted-properties',
  'house/no-cycles',
  'house/no-writes',
  'house/no-raw-text',
  'house/no-sentences',
];

describe('10.8: lint rules fail on what the house forbids', function () {
  this.timeout(60_000);

  const lintIn = (cwd: string): ESLint =>
    new ESLint({
      cwd,
      overrideConfigFile: join(repoRoot, 'eslint.config.mjs'),
      ruleFilter: ({ ruleId }) => houseRules.includes(ruleId),
      overrideConfig: { languageOptions: { parserOptions: { project: false } } },
    });
  const eslint = lintIn(repoRoot);

  /** The rules that a text breaks in a file. */
  async function broken(file: string, text: string): Promise<readonly (string | null)[]> {
    const [result] = await eslint.lintText(text, { filePath: `src/${file}` });
    assert.ok(result);
    return [...new Set(result.messages.map(({ ruleId, message }) => ruleId ?? message))];
  }

  const imports = '@typescript-eslint/no-restricted-imports';
  for (const [what, file, text, rule] of [
    ['an import upwards', 'operations/write.ts', "import { a } from '../documents/documents';", imports],
    ['an import of types upwards', 'json/json.ts', "import type { A } from '../settings/rules';", imports],
    [
      'a lazy import upwards',
      'posthog/client.ts',
      "void import('../tree/provider');",
      'no-restricted-syntax',
    ],
    ['VS Code below the line', 'directory/directory.ts', "import * as vscode from 'vscode';", imports],
    ['Node.js below the line', 'connections/connections.ts', "import { join } from 'node:path';", imports],
    ['the house in the sandbox', 'sandbox/state.ts', "import { a } from '../json/json';", imports],
    ['rows in commands', 'commands/findCommand.ts', "import { A } from '../tree/node';", imports],
    ['a write above operations', 'commands/batch.ts', 'void client.patchTable(1);', 'house/no-writes'],
    ...['withProgress', 'showInputBox', 'showQuickPick', 'showErrorMessage'].map(
      (name) =>
        [
          `a raw ${name}`,
          'commands/batch.ts',
          `void vscode.window.${name}();`,
          'no-restricted-properties',
        ] as const,
    ),
    ['raw Markdown', 'tree/node.ts', 'void new vscode.MarkdownString();', 'no-restricted-properties'],
    [
      'a raw error of a file',
      'documents/scheme.ts',
      "void new vscode.FileSystemError('a');",
      'house/no-raw-text',
    ],
    [
      'a decision from a sentence',
      'operations/refused.ts',
      'if (/gone/.test(error.detail ?? "")) stop();',
      'house/no-sentences',
    ],
  ] as const) {
    it(`10.8: ${what}`, async () => {
      assert.deepEqual(await broken(file, text), [rule]);
    });
  }

  it('10.8: a cycle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cycle-'));
    try {
      await mkdir(join(folder, 'src', 'json'), { recursive: true });
      const write = (name: string, text: string) => writeFile(join(folder, 'src', 'json', name), text);
      await write('one.ts', "import type { Two } from './two';\nexport type One = Two;\n");
      await write('two.ts', "import type { Three } from './three';\nexport type Two = Three;\n");
      await write('three.ts', "import type { One } from './one';\nexport type Three = One;\n");
      await write('beside.ts', "import type { One } from './one';\nexport type Beside = One;\n");
      const results = await lintIn(folder).lintFiles('src');
      assert.deepEqual(
        results.map(({ filePath, messages }) => [basename(filePath), messages.map(({ ruleId }) => ruleId)]),
        [
          ['beside.ts', []],
          ['one.ts', ['house/no-cycles']],
          ['three.ts', ['house/no-cycles']],
          ['two.ts', ['house/no-cycles']],
        ],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('10.8: and not on what it allows', async () => {
    const allowed = [
      "import { a } from '../posthog/errors';",
      "import type { B } from '../directory/directory';",
      'void client.patchTable(1);',
      'if (error.kind === "not-found") stop();',
    ];
    assert.deepEqual(await broken('operations/refused.ts', allowed.join('\n')), []);
  });
});
