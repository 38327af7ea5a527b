import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { decodeContent } from '../../../src/documents/saving/decodeContent';
import { SaveRefused } from '../../../src/operations/save/saveRefused';

const { contributes } = v.parse(
  v.object({
    contributes: v.object({
      languages: v.array(
        v.object({
          id: v.string(),
          extensions: v.array(v.string()),
          filenames: v.optional(v.array(v.string()), []),
        }),
      ),
      configurationDefaults: v.record(v.string(), v.record(v.string(), v.unknown())),
    }),
  }),
  JSON.parse(readFileSync('package.json', 'utf8')),
);

/** Editor settings that must not affect a document whose text comes from PostHog. */
const needed = {
  'files.encoding': 'utf8',
  'files.autoGuessEncoding': false,
  'files.eol': '\n',
  'files.insertFinalNewline': false,
  'files.trimFinalNewlines': false,
  'files.trimTrailingWhitespace': false,
  'files.autoSave': 'off',
  'editor.formatOnSave': false,
  'editor.formatOnType': false,
  'editor.formatOnPaste': false,
  'editor.codeActionsOnSave': {},
  'editor.wordBasedSuggestions': 'off',
};

describe('editor settings for our documents', () => {
  for (const { id } of contributes.languages) {
    it(`A6: ${id} has its own settings, whatever the global ones are`, () => {
      const defaults = contributes.configurationDefaults[`[${id}]`] ?? {};
      assert.deepEqual(Object.fromEntries(Object.keys(needed).map((key) => [key, defaults[key]])), needed);
    });
  }

  it('A6: a name belongs to its language even if the user associates all .json files with another one', () => {
    // VS Code takes the longest pattern that matches, and a user's patterns before the endings of languages.
    assert.deepEqual(
      contributes.configurationDefaults['files.associations'],
      Object.fromEntries(
        contributes.languages.flatMap(({ id, extensions, filenames }) =>
          [...extensions.map((extension) => `*${extension}`), ...filenames].map((pattern) => [pattern, id]),
        ),
      ),
    );
  });

  it('A6: every document and report name belongs to a language of the extension', () => {
    const owned = contributes.languages.flatMap(({ extensions }) => extensions);
    for (const file of ['documents/uris/uri', 'documents/uris/draftUri', 'reports/reportUri']) {
      const source = readFileSync(`src/${file}.ts`, 'utf8');
      const names = source.match(/\.posthog-[a-z]+\.\w+/g) ?? [];
      assert.ok(names.length > 0, file);
      assert.deepEqual(
        names.filter((name) => !owned.includes(name)),
        [],
      );
      assert.doesNotMatch(
        source,
        /(?<!\.posthog-[a-z]+)\.(json|txt)['"`]/,
        `${file} is the name of a file in another language`,
      );
    }
  });

  it('A6: text that was read in another encoding is refused, with advice that does no harm', () => {
    const content = new TextEncoder().encode('{"name": "Zürich"}');
    assert.equal(decodeContent(content, undefined), '{"name": "Zürich"}');
    for (const refused of [
      () => decodeContent(content, 'windows1252'),
      () => decodeContent(Uint8Array.of(0x22, 0xfc, 0x22), undefined),
    ]) {
      assert.throws(refused, (error) => {
        assert.ok(error instanceof SaveRefused);
        assert.match(error.message, /Revert File.*Reopen with Encoding.*UTF-8.*Nothing was sent\.$/);
        assert.doesNotMatch(error.message, /save (the document )?(as|with)/i);
        return true;
      });
    }
  });
});
