/**
 * Builds every bundle of the project.
 *
 *   node esbuild.mjs [--production] [--watch] [--only=extension,webview,sandbox,unit,host,harness]
 *
 * Production minifies and writes dist/meta.json, from which the budget check reads sizes.
 * Prints nothing on standard output, so that `npm run --silent sandbox` can speak first.
 */
import { build, context, transform } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: !production,
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/**
 * esbuild splits only ES modules, and the extension host loads one CommonJS file fastest. So the extension is split
 * as ES modules; then everything that is loaded at the start becomes the one file dist/extension.cjs, and each chunk
 * that `import()` names a CommonJS file beside it. A shared chunk that went into the one file leaves a stub behind,
 * through which the lazy ones reach it: every module exists once.
 */
const chunksAsCommonJs = {
  name: 'chunks-as-commonjs',
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [], errors, metafile }) => {
      if (errors.length > 0) {
        return;
      }
      const { outputs } = metafile;
      const atStart = new Set();
      const follow = (file) => {
        if (!atStart.has(file)) {
          atStart.add(file);
          outputs[file].imports
            .filter(({ kind, external }) => kind === 'import-statement' && !external)
            .forEach(({ path }) => follow(path));
        }
      };
      follow('dist/extension.cjs');
      const shared = [...atStart].filter((file) => file !== 'dist/extension.cjs');
      const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));

      rmSync('dist/chunks', { recursive: true, force: true });
      mkdirSync('dist/chunks', { recursive: true });
      const { outputFiles: atOnce } = await build({
        ...commonJs,
        write: false,
        stdin: {
          contents: [
            "export * from './extension.cjs';",
            ...shared.map((file, index) => `import * as chunk${index} from './chunks/${basename(file)}';`),
            `export const chunks = { ${shared.map((file, index) => `${JSON.stringify(basename(file))}: chunk${index}`).join(', ')} };`,
          ].join('\n'),
          resolveDir: resolve('dist'),
        },
        bundle: true,
        external: ['vscode'],
        outfile: 'dist/extension.cjs',
        plugins: [
          {
            name: 'chunks-in-memory',
            setup({ onResolve, onLoad }) {
              onResolve({ filter: /^\.\.?\/.*\.cjs$/ }, ({ path, resolveDir, kind }) => {
                const absolute = resolve(resolveDir, path);
                return kind === 'dynamic-import'
                  ? { path: `./chunks/${basename(path)}`, external: true }
                  : { path: absolute, namespace: 'chunk' };
              });
              onLoad({ filter: /./, namespace: 'chunk' }, ({ path }) => ({
                contents: texts.get(path),
                loader: 'js',
                resolveDir: dirname(path),
              }));
            },
          },
        ],
      });
      for (const { path, text } of atOnce) {
        writeFileSync(path, hostApiAsItIs(text));
      }
      for (const [path, text] of texts) {
        const file = relative('.', path);
        if (!atStart.has(file)) {
          const { code } = await transform(text, { ...commonJs, sourcefile: path });
          writeFileSync(path, hostApiAsItIs(code));
        } else if (file !== 'dist/extension.cjs') {
          const name = JSON.stringify(basename(file));
          writeFileSync(path, `module.exports=require("../extension.cjs").chunks[${name}];\n`);
        }
      }
    });
  },
};

/**
 * The API object of the host as it is. esbuild copies the properties of a required module, in case it has no default
 * export; for the hundreds of VS Code's API, once per importing file, that took half of the extension's load time.
 */
const hostApiAsItIs = (code) =>
  code.replaceAll(/(?<![\w$])[\w$]{1,24}\(require\("vscode"\)(?:, ?1)?\)/g, 'require("vscode")');

/** How an ES module becomes CommonJS. */
const commonJs = {
  format: 'cjs',
  platform: 'node',
  target: shared.target,
  supported: { 'dynamic-import': false },
  minify: production,
  legalComments: 'none',
  logLevel: shared.logLevel,
  sourcemap: production ? false : 'inline',
};

/** The files of a test folder, without those that run inside the extension host. */
const testFiles = (folder, except = 'none') =>
  readdirSync(`test/${folder}`, { recursive: true })
    // Node 20 has no globSync, and Windows has another separator.
    .map((file) => `test/${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.startsWith(`test/${except}/`))
    .sort();

/** Leaves an import to the bundle that stands beside this one, so that nothing ships twice. */
const besideBundle = (from, to) => ({
  name: 'beside-bundle',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^${from.replace('.', '\\.')}$`) }, () => ({ path: to, external: true })),
});

/** What is built: a name and its esbuild options. The first three ship, the rest only test. */
const bundles = {
  extension: {
    ...shared,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    sourcemap: production ? false : 'inline',
    external: ['vscode'],
    mainFields: ['module', 'main'],
    write: false,
    plugins: [chunksAsCommonJs],
  },
  webview: {
    ...shared,
    entryPoints: { webVitals: 'src/webVitals/webview/main.ts' },
    outdir: 'dist',
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // A source map would be one more thing for the page to load.
    sourcemap: production ? false : 'inline',
  },
  sandbox: {
    ...shared,
    entryPoints: { sandbox: 'src/sandbox/index.ts', sandboxCli: 'src/sandbox/cli.ts' },
    outdir: 'dist',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    mainFields: ['module', 'main'],
    plugins: [besideBundle('./index', './sandbox.cjs')],
  },
  unit: {
    ...shared,
    minify: false,
    sourcemap: true,
    entryPoints: testFiles('unit'),
    outdir: 'dist/test/unit',
    outbase: 'test/unit',
    format: 'esm',
    splitting: true,
    packages: 'external',
    external: ['vscode'],
  },
  host: {
    ...shared,
    minify: false,
    sourcemap: true,
    entryPoints: [...testFiles('host'), ...testFiles('bench/host')],
    outdir: 'dist/test',
    outbase: 'test',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    packages: 'external',
    external: ['vscode'],
  },
  harness: {
    ...shared,
    minify: false,
    sourcemap: true,
    entryPoints: [...testFiles('harness'), ...testFiles('ui'), ...testFiles('bench', 'bench/host')],
    outdir: 'dist/test',
    outbase: 'test',
    format: 'esm',
    splitting: true,
    packages: 'external',
    external: ['vscode'],
  },
};

const inputs = (options) => Object.values(options.entryPoints);
const chosen = Object.entries(bundles).filter(
  ([name, options]) =>
    (!only || only.includes(name)) &&
    inputs(options).length > 0 &&
    inputs(options).every((file) => existsSync(file)),
);

// Mocha runs whatever is there, also tests whose source has gone elsewhere.
if (!watch && chosen.some(([name]) => name === 'unit')) {
  rmSync('dist/test/unit', { recursive: true, force: true });
}

if (watch) {
  for (const [, options] of chosen) {
    await (await context(options)).watch();
  }
  process.stderr.write('watching for changes\n');
} else {
  const results = await Promise.all(
    chosen.map(async ([name, options]) => [name, (await build(options)).metafile]),
  );
  if (production) {
    writeFileSync('dist/meta.json', JSON.stringify(Object.fromEntries(results)));
  }
}
