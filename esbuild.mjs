/**
 * Builds every bundle of the project.
 *
 *   node esbuild.mjs [--production] [--watch] [--only=extension,webview,sandbox,cli,unit,host,harness]
 *
 * The extension is split at each `import()`: the start loads dist/extension.cjs and one chunk, everything else loads
 * from dist/chunks when it's first used, and every module exists once. esbuild splits only ES modules, and the
 * extension host loads CommonJS faster, so esbuild splits ES modules and each file is then written as CommonJS. The
 * sandbox, the command line, and the scripts of the panels are separate bundles, and so is each tier of tests.
 *
 * Production minifies and writes dist/meta.json, from which the budget check reads sizes.
 * Prints nothing to standard output, so that the sandbox prints the first line of `npm run --silent sandbox`.
 */
import { build, context, transform } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

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
 * Makes every target of an `import()` import the entry point, too. esbuild puts modules that are needed by the same
 * files into one chunk; what the start needs is now needed by all of them, and so it's one chunk.
 */
const startInOneChunk = {
  name: 'start-in-one-chunk',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir }) => {
      if (kind !== 'dynamic-import') {
        return undefined;
      }
      const found = await resolve(path, { kind: 'import-statement', importer, resolveDir });
      return found.errors.length > 0 ? { errors: found.errors } : { path: found.path, namespace: 'lazy' };
    });
    onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => ({
      contents: `import './src/extension.ts'; export * from ${JSON.stringify(path)};`,
      resolveDir: process.cwd(),
    }));
  },
};

/**
 * Imports VS Code's API by the names that its types declare. In CommonJS, `import *` copies every name of a module, in
 * case it has no default export. Copying the hundreds of names of this API for each file took half of the extension's
 * load time.
 */
const vscodeByName = {
  name: 'vscode-by-name',
  setup({ onResolve, onLoad }) {
    const types = readFileSync('node_modules/@types/vscode/index.d.ts', 'utf8');
    const declared = types.matchAll(/^\texport (?:class|const|enum|function|let|namespace) (\w+)/gm);
    const names = new Set([...declared].map(([, name]) => name));
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'api' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'api' },
    );
    onLoad({ filter: /./, namespace: 'api' }, () => ({
      contents: `export { ${[...names].join(', ')} } from 'vscode';`,
    }));
  },
};

/** Writes each file as CommonJS, which the extension host loads faster than the ES modules that esbuild splits. */
const asCommonJs = {
  name: 'as-commonjs',
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [] }) => {
      rmSync('dist/chunks', { recursive: true, force: true });
      mkdirSync('dist/chunks', { recursive: true });
      for (const { path, text } of outputFiles) {
        const { code } = await transform(text, {
          format: 'cjs',
          platform: 'neutral',
          target: shared.target,
          supported: { 'dynamic-import': false },
          minify: production,
          legalComments: 'none',
          logLevel: shared.logLevel,
          sourcemap: production ? false : 'inline',
          sourcefile: path,
        });
        writeFileSync(path, code);
      }
    });
  },
};

/** The files of a test folder, except for those that run in the extension host. */
const testFiles = (folder, except = 'none') =>
  readdirSync(`test/${folder}`, { recursive: true })
    // Node 20 has no globSync, and Windows uses another separator.
    .map((file) => `test/${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.startsWith(`test/${except}/`))
    .sort();

/** Leaves an import to the bundle next to this one, so that nothing ships twice. */
const besideBundle = (from, to) => ({
  name: 'beside-bundle',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^${from.replace('.', '\\.')}$`) }, () => ({ path: to, external: true })),
});

/** The bundles by name, with their esbuild options. The first four ship; the rest are for tests. */
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
    mainFields: ['module', 'main'],
    write: false,
    // A name that the API's types don't declare.
    logOverride: { 'import-is-undefined': 'error' },
    plugins: [startInOneChunk, vscodeByName, asCommonJs],
  },
  webview: {
    ...shared,
    entryPoints: { webVitals: 'src/webVitals/webview/main.ts', matrix: 'src/matrix/webview/main.ts' },
    outdir: 'dist',
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // A page would have to load a source map, too.
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
  cli: {
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    sourcemap: production ? false : 'inline',
    mainFields: ['module', 'main'],
    define: {
      'process.env.POSTHOG_ENVIRONMENTS_VERSION': JSON.stringify(
        JSON.parse(readFileSync('package.json', 'utf8')).version,
      ),
    },
    banner: { js: '#!/usr/bin/env node' },
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

// Mocha runs every file it finds, even tests whose source was moved or deleted.
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
