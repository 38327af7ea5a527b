import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What `node:` modules got after Node 20, as far as anybody here might reach for it. */
const newer = new Set([
  ...['glob', 'globSync', 'openAsBlob', 'mkdtempDisposable', 'mkdtempDisposableSync'],
  ...['getCACertificates', 'setDefaultCACertificates', 'createZstdCompress', 'createZstdDecompress'],
  ...['zstdCompress', 'zstdCompressSync', 'zstdDecompress', 'zstdDecompressSync', 'crc32'],
  ...['enableCompileCache', 'findPackageJSON', 'registerHooks', 'stripTypeScriptTypes', 'matchesGlob'],
  ...['markAsUncloneable', 'DatabaseSync', 'getCallSites', 'diff', 'setTraceSigInt'],
]);

const sources = ['test/harness', 'test/ui', 'test/bench', 'src/sandbox'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('host'))
    .map((file) => join(folder, file)),
);

describe('Node 20: every documented command works there', () => {
  it('Node 20: nothing that a command starts imports what Node 20 does not have', () => {
    assert.ok(sources.length > 50);
    for (const file of [...sources, 'esbuild.mjs', 'eslint.config.mjs']) {
      const text = readFileSync(file, 'utf8');
      for (const [, names = '', module] of text.matchAll(/import \{([^}]*)\} from 'node:([\w/]+)'/g)) {
        for (const name of names.split(',').map((one) => one.trim().replace(/^type /, ''))) {
          assert.ok(!newer.has(name), `${file} imports ${name} of node:${module}`);
        }
      }
      assert.doesNotMatch(text, /\b(Promise\.(withResolvers|try)|Array\.fromAsync|RegExp\.escape)\b/, file);
    }
  });
});
