import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { repoRoot } from '../../harness/paths';

/** The project's own configuration, without rules that need types, which are slow. */
const linter = (cwd: string, parserOptions: Record<string, unknown> = {}): ESLint =>
  new ESLint({
    cwd,
    overrideConfigFile: join(repoRoot, 'eslint.config.mjs'),
    overrideConfig: { languageOptions: { parserOptions: { project: null, ...parserOptions } } },
    ruleFilter: ({ ruleId }) => /^house\/|no-restricted-|^max-lines$/.test(ruleId),
  });

describe('the house rules', function () {
  this.timeout(60_000);
  const plain = linter(repoRoot);
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  /** A folder in which the configuration applies as in the repository. */
  function folderWith(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'house-'));
    folders.push(folder);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return folder;
  }

  const reported = async (code: string, filePath: string, eslint = plain): Promise<string[]> => {
    const [result] = await eslint.lintText(code, { filePath, warnIgnored: true });
    return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
  };
  const imports = '@typescript-eslint/no-restricted-imports';

  for (const [file, code, rule] of [
    ['src/operations/write.ts', "import { a } from '../ui/prompts';", imports],
    ['src/operations/review/review.ts', "import type { A } from '../../documents/documents';", imports],
    ['src/json/parse.ts', "import { a } from '../settings/catalogue';", imports],
    ['src/ui/prompts.ts', "import { a } from '../commands/batch';", imports],
    ['src/tree/node.ts', "import { a } from '../extension';", imports],
    ['src/posthog/client.ts', "import { a } from '../../test/harness/args';", imports],
    ['src/operations/write.ts', "export const a = import('../ui/prompts');", 'no-restricted-syntax'],
    ['src/operations/write.ts', "import * as vscode from 'vscode';", imports],
    ['src/settings/check.ts', "import { readFileSync } from 'node:fs';", imports],
    ['src/commands/batch.ts', "import { a } from '../tree/provider';", imports],
    ['src/sandbox/ids.ts', "import { a } from '../json/json';", imports],
    ['src/sandbox/fields/fields.ts', "import { a } from '../../settings/catalogue';", imports],
    ['src/sandbox/ids.ts', "import * as vscode from 'vscode';", imports],
  ] as const) {
    it(`10: ${code} is an error in ${file}`, async () => {
      assert.deepEqual(await reported(`${code}\n`, file), [rule]);
    });
  }

  for (const [file, code] of [
    ['src/commands/batch.ts', "import { a } from '../operations/batch';"],
    ['src/commands/batch.ts', "import type { TreeNode } from '../tree/node';"],
    ['src/commands/targets.ts', "import { a } from '../tree/node';"],
    ['src/documents/documents.ts', "import * as vscode from 'vscode';"],
    ['src/sandbox/ids.ts', "import type { A } from '../json/json';"],
    ['src/sandbox/fields/fields.ts', "import { a } from '../json';"],
  ] as const) {
    it(`10: ${code} is fine in ${file}`, async () => {
      assert.deepEqual(await reported(`${code}\n`, file), []);
    });
  }

  const raw = 'no-restricted-properties';
  for (const [code, rule] of [
    ...['withProgress', 'showInputBox', 'showQuickPick', 'createInputBox', 'createQuickPick'].map(
      (name) => [`vscode.window.${name}(text)`, raw] as const,
    ),
    ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage', 'setStatusBarMessage'].map(
      (name) => [`vscode.window.${name}(text)`, raw] as const,
    ),
    ...['showOpenDialog', 'showSaveDialog', 'createStatusBarItem'].map(
      (name) => [`vscode.window.${name}(text)`, raw] as const,
    ),
    ['new vscode.MarkdownString(text)', raw],
    ['vscode.FileSystemError.Unavailable(text)', raw],
    ['vscode.FileSystemError.NoPermissions(text)', raw],
    ['vscode.FileSystemError.FileNotFound(text)', raw],
    ['new vscode.FileSystemError(text)', 'house/no-raw-text'],
  ] as const) {
    it(`C1: ${code} is an error outside src/ui`, async () => {
      const whole = `import * as vscode from 'vscode';\nexport const shown = (text: string) => ${code};\n`;
      for (const file of ['src/commands/batch.ts', 'src/extension.ts', 'src/documents/fileSystem.ts']) {
        assert.deepEqual(await reported(whole, file), [rule], file);
      }
      assert.deepEqual(await reported(whole, 'src/ui/prompts.ts'), []);
    });
  }

  it('11.5: edits that could garble emoji are an error outside textEdits.ts', async () => {
    const code =
      "import * as vscode from 'vscode';\nexport const edit = (): unknown => new vscode.WorkspaceEdit();\n";
    assert.deepEqual(await reported(code, 'src/commands/batch.ts'), ['house/no-raw-edits']);
    assert.deepEqual(await reported(code, 'src/documents/textEdits.ts'), []);
  });

  it('C1: a hover with plain text, which is Markdown, is an error outside src/ui', async () => {
    // Has its own types, because those of the whole project take half a minute.
    const folder = folderWith({
      'tsconfig.json': '{ "include": ["**/*.ts"], "compilerOptions": { "types": [], "lib": ["es2022"] } }',
      'vscode.d.ts':
        "declare module 'vscode' {\n  class MarkdownString { value: string }\n" +
        '  class Hover { constructor(text: MarkdownString | string | (MarkdownString | string)[]) }\n}\n',
      'src/documents/madeUp.ts': '',
    });
    const typed = linter(folder, {
      project: './tsconfig.json',
      tsconfigRootDir: folder,
      // If CI is set, the parser reads the text from the disk, not from the test.
      disallowAutomaticSingleRunInference: true,
    });
    const hover = (text: string): Promise<string[]> =>
      reported(
        "import * as vscode from 'vscode';\n" +
          `export const shown = (text: string, mine: vscode.MarkdownString): unknown => ${text};\n`,
        join(folder, 'src/documents/madeUp.ts'),
        typed,
      );
    for (const bad of [
      'new vscode.Hover(text)',
      'new vscode.Hover([mine, text])',
      'new vscode.Hover(`a ${text}`)',
      '({ range: 1, hoverMessage: text })',
      '({ hoverMessage: [text] })',
    ]) {
      assert.deepEqual(await hover(bad), ['house/no-raw-text'], bad);
    }
    for (const good of ['new vscode.Hover(mine)', 'new vscode.Hover([mine])', '({ hoverMessage: mine })']) {
      assert.deepEqual(await hover(good), [], good);
    }
  });

  for (const call of [
    ...['patchEnvironment', 'createEnvironment', 'deleteEnvironment', 'createTable', 'patchTable'],
    ...['deleteTable', 'refreshSchema', 'updateSchema', 'uploads'],
  ]) {
    it(`10.6: ${call} is an error above operations, whatever the client is called`, async () => {
      const code = `export const send = (anything: any) => anything.${call}(1);\n`;
      for (const file of ['src/commands/batch.ts', 'src/documents/documents.ts', 'src/extension.ts']) {
        assert.deepEqual(await reported(code, file), ['house/no-writes'], file);
      }
      assert.deepEqual(await reported(code, 'src/operations/write.ts'), []);
    });
  }

  for (const code of ['const { workspace } = vscode;', "vscode['window'];", 'Object.keys(vscode);']) {
    it(`10.7: ${code} is an error, because it adds all of VS Code's names to startup`, async () => {
      const whole = (text: string): string => `import * as vscode from 'vscode';\n${text}\n`;
      assert.deepEqual(await reported(whole(code), 'src/ui/prompts.ts'), ['house/no-whole-api']);
      assert.deepEqual(
        await reported(whole('const it: vscode.Uri = vscode.Uri.file("a");'), 'src/ui/prompts.ts'),
        [],
      );
    });
  }

  it('10: circular imports are an error that names them', async () => {
    const folder = folderWith({
      'src/json/a.ts': "import { b } from './b';\nexport const a = b;\n",
      'src/json/b.ts': "import type { C } from './c';\nexport const b = (c: C) => c;\n",
      'src/json/c.ts': "export type { C } from './a';\n",
      'src/json/d.ts': "import { a } from './a';\nexport const d = a;\n",
      'src/json/e.ts': "export const e = () => import('./f');\n",
      'src/json/f.ts': "import { e } from './e';\nexport const f = e;\n",
    });
    const results = await linter(folder).lintFiles(['src/**/*.ts']);
    const found = results.map(({ filePath, messages }) => [
      filePath.slice(-4),
      messages.map(({ ruleId }) => ruleId),
    ]);
    const circle = ['house/no-cycles'];
    assert.deepEqual(Object.fromEntries(found), {
      'a.ts': circle,
      'b.ts': circle,
      'c.ts': circle,
      'd.ts': [],
      'e.ts': [],
      'f.ts': [],
    });
    assert.match(
      results[0]?.messages[0]?.message ?? '',
      /^Imports go in a circle: .*a\.ts → .*b\.ts → .*c\.ts → .*a\.ts\.$/,
    );
  });

  it('10: a file of more than 500 lines is an error', async () => {
    const lines = (count: number): string => 'export {};\n'.repeat(count);
    assert.deepEqual(await reported(lines(501), 'src/json/parse.ts'), ['max-lines']);
    assert.deepEqual(await reported(lines(500), 'src/json/parse.ts'), []);
  });

  it('10.5: control flow based on a sentence is an error outside src/posthog', async () => {
    for (const code of [
      "if (/gone/.test(error.detail ?? '')) stop();",
      "if (error.message.includes('gone')) stop();",
      "if (failure.what.startsWith('It')) stop();",
      'const [word] = detail.match(/gone/) ?? [];',
    ]) {
      assert.deepEqual(
        await reported(`${code}\n`, 'src/operations/refused.ts'),
        ['house/no-sentences'],
        code,
      );
      assert.deepEqual(await reported(`${code}\n`, 'src/posthog/reasons.ts'), [], code);
    }
    assert.deepEqual(
      await reported("if (error.kind === 'not-found') stop();\n", 'src/operations/refused.ts'),
      [],
    );
  });
});
