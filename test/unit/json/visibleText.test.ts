import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { asLines, asText } from '../../../src/json/visibleText';
import { repoRoot } from '../../harness/paths';

/** How VS Code finds links in messages. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** How VS Code finds icons in labels; a preceding backslash prevents it. */
const icon = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i;

describe('C1: text from a server', () => {
  it('C1: contains no links or icons where VS Code would render them, and reads as written', () => {
    for (const text of [
      '[Sign in](command:workbench.action.openSettings)',
      '[a](https://example.com "title")',
      '[[x](file:///etc)](command:y)',
      '$(sync~spin) Production $(check)',
    ]) {
      const shown = asText(text);
      assert.doesNotMatch(shown, link);
      assert.doesNotMatch(shown, icon);
      assert.equal(shown.replaceAll('\u200b', ''), text);
    }
  });

  it('C1: never contains a link or an icon, whatever it consists of; applying it twice changes nothing', () => {
    const part = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '$',
      'a',
      'command:x',
      'https://e',
      '\u200b',
      '\u200d',
      '\n',
      '"',
      '](',
      '[a](command:x)',
      '$(a)',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const shown = asText(parts.join(''));
        assert.doesNotMatch(shown, link);
        assert.doesNotMatch(shown, icon);
        assert.equal(asText(shown), shown);
      }),
    );
  });

  it('C1: shows direction marks, zero-width characters, and line breaks', () => {
    assert.equal(asText('Prod\u202euction'), 'Prod[U+202E]uction');
    assert.equal(asText('a\u2066b\u2069c\u200fd'), 'a[U+2066]b[U+2069]c[U+200F]d');
    assert.equal(asText('Prod\u200buction\u00ad\ufeff'), 'Prod[U+200B]uction[U+00AD][U+FEFF]');
    assert.equal(asText('one\ntwo\r\u2028\t\u0000'), 'one[U+000A]two[U+000D][U+2028][U+0009][U+0000]');
    assert.equal(asText('a\u{e0041}b'), 'a[U+E0041]b');
    assert.equal(asLines(['one\ntwo', 'three']), 'one[U+000A]two\nthree');
  });

  it("C1: keeps people's names as they are", () => {
    for (const name of [
      'Größe – “Été”',
      'Производство',
      '生产环境',
      'می\u200cخواهم',
      'क्\u200dष',
      '👩\u200d💻 ❤️',
      'Ops (EU) [new] $5',
    ]) {
      assert.equal(asText(name), name);
    }
  });
});

describe('C1: texts go through src/ui', () => {
  const raw =
    /\.(withProgress|showInputBox|showQuickPick|createInputBox|createQuickPick|show(?:Information|Warning|Error)Message|show(?:Open|Save)Dialog|setStatusBarMessage|createStatusBarItem)\b|new (?:vscode\.)?MarkdownString|FileSystemError\.\w+\(|new (?:vscode\.)?FileSystemError\(|(?:new (?:vscode\.)?Hover\(|hoverMessage: )\s*['"`]/;

  it('C1: nothing outside src/ui calls the APIs that show them', () => {
    const src = join(repoRoot, 'src');
    const calling = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.ts') && !/^(ui|sandbox)\//.test(path))
      .filter((path) => raw.test(readFileSync(join(src, path), 'utf8')));
    assert.deepEqual(calling, []);
  });

  it('C1: a lint rule forbids it too', () => {
    const config = readFileSync(join(repoRoot, 'eslint.config.mjs'), 'utf8');
    for (const name of [
      'withProgress',
      'createInputBox',
      'showErrorMessage',
      'MarkdownString',
      'Unavailable',
      'FileExists',
      'FileIsADirectory',
      'FileNotADirectory',
    ]) {
      assert.match(config, new RegExp(`'${name}'`));
    }
    assert.match(config, /'house\/no-raw-text': 'error'/);
  });
});
