import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { usage } from '../../../src/cli/options';
import { node20Checks, node20Runners } from '../../harness/node20Checks';

/** APIs that Node.js got after version 20, as far as anyone here might use them. */
const newer = new Set([
  ...['glob', 'globSync', 'openAsBlob', 'mkdtempDisposable', 'mkdtempDisposableSync'],
  ...['getCACertificates', 'setDefaultCACertificates', 'createZstdCompress', 'createZstdDecompress'],
  ...['zstdCompress', 'zstdCompressSync', 'zstdDecompress', 'zstdDecompressSync', 'crc32'],
  ...['enableCompileCache', 'findPackageJSON', 'registerHooks', 'stripTypeScriptTypes', 'matchesGlob'],
  ...['markAsUncloneable', 'DatabaseSync', 'getCallSites', 'diff', 'setTraceSigInt'],
]);
const newerGlobals =
  /\b(Promise\.(withResolvers|try)|Array\.fromAsync|RegExp\.escape|Object\.groupBy|Map\.groupBy|Iterator\.from|new WebSocket|structuredClone\.|process\.(loadEnvFile|getBuiltinModule|features\.typescript))\b/;

/** Loaded into VS Code's server, which runs on the Node.js that it is made for. */
const loadedIntoTheServer = join('test', 'harness', 'fileLog.ts');

/** Code that runs on the user's Node.js: bundles built for it, and scripts that aren't built. */
const sources = [
  ...['test/harness', 'test/ui', 'test/bench', 'src/sandbox'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs)$/.test(file) && !file.startsWith('host'))
      .map((file) => join(folder, file))
      .filter((file) => file !== loadedIntoTheServer),
  ),
  ...readdirSync('.').filter((file) => file.endsWith('.mjs')),
];

/** The programs that a text runs with `node`, except for node's own -p and -e. */
const programsIn = (text: string): string[] =>
  [...text.matchAll(/\bnode ([\w./-]+\.[cm]?js)\b/g)].map(([, program = '']) =>
    // In users' repositories, the command line has a different name.
    program === '.github/posthog-environments.cjs' ? 'dist/cli.cjs' : program,
  );

describe('Node 20: every documented command works there', () => {
  it('Node 20: every program in documents and npm scripts is run there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const documents = ['README.md', 'CONTRIBUTING.md', 'test/README.md'].map((file) =>
      readFileSync(file, 'utf8'),
    );
    const named = new Set([...documents, ...Object.values(scripts)].flatMap(programsIn));
    assert.ok(named.size > 6, [...named].join());
    const checked = new Set([...node20Checks.map(({ program }) => program), ...node20Runners]);
    assert.deepEqual(
      [...named].filter((program) => !checked.has(program)),
      [],
    );
  });

  it('Node 20: every command of the command line is run there, against a sandbox', () => {
    const [, commands = ''] = /\nCommands\n((?: {2}.*\n)+)/.exec(usage) ?? [];
    const documented = [...commands.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    const run = node20Checks
      .filter(({ program, besideSandbox }) => program === 'dist/cli.cjs' && besideSandbox)
      .map(({ args: [name] }) => name);
    assert.ok(documented.length > 0);
    assert.deepEqual([...new Set(run)].sort(), [...documented].sort());
  });

  it('Node 20: nothing that a command starts imports what Node 20 lacks', () => {
    assert.ok(sources.length > 50);
    assert.ok(sources.some((file) => file.endsWith('noCycles.mjs')));
    for (const file of sources) {
      const text = readFileSync(file, 'utf8');
      for (const [, names = '', module = ''] of text.matchAll(
        /import (?!type )(?:\w+|\* as \w+|\{([^}]*)\}) from '(node:[\w/]+)'/g,
      )) {
        assert.ok(isBuiltin(module) && builtinModules.includes(module.slice(5)), `${file} imports ${module}`);
        for (const name of names.split(',').map((one) => one.trim().replace(/^type /, ''))) {
          assert.ok(!newer.has(name), `${file} imports ${name} of ${module}`);
        }
      }
      assert.doesNotMatch(text, newerGlobals, file);
    }
  });
});
