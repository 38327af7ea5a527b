import { runMain } from './main';
import { mainBundleBudgetBytes, measurePackage, type PackageSizes, vsixBudgetBytes } from './packageSizes';

/** Everything that can be in the package: what runs, and what the Marketplace shows. */
const expected = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/media\/.+\.(svg|png|json|md|css|js)$/,
  /^extension\/dist\/(cli|extension|sandbox)\.cjs$/,
  /^extension\/dist\/(?:webVitals|matrix)\.js$/,
  /^extension\/dist\/chunks\/[\w-]+\.cjs$/,
];
const required = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/media/icon.png',
  'extension/dist/extension.cjs',
  'extension/dist/sandbox.cjs',
  'extension/dist/cli.cjs',
  'extension/dist/webVitals.js',
  'extension/dist/matrix.js',
];

/** Looks for anything that must not ship. Each finding is a sentence. */
function findings({ mainBundleBytes, mainBundleFiles, vsixBytes, entries }: PackageSizes): string[] {
  const names = entries.map(({ name }) => name);
  const found = [
    ...names
      .filter((name) => !expected.some((pattern) => pattern.test(name)))
      .map((name) => `${name} must not ship: leave it out in .vscodeignore.`),
    ...required.filter((name) => !names.includes(name)).map((name) => `${name} is missing.`),
    ...entries
      .filter(({ name, content }) => name.endsWith('.cjs') && content().includes('sourceMappingURL='))
      .map(({ name }) => `${name} has a source map: it is not a production build.`),
  ];
  if (mainBundleBytes > mainBundleBudgetBytes) {
    found.push(`The main bundle has ${kB(mainBundleBytes)}, more than ${kB(mainBundleBudgetBytes)}.`);
  }
  if (mainBundleFiles.length > 2) {
    found.push(`The start loads more than an entry point and one chunk: ${mainBundleFiles.join(', ')}.`);
  }
  if (vsixBytes > vsixBudgetBytes) {
    found.push(`The package has ${kB(vsixBytes)}, more than ${kB(vsixBudgetBytes)}.`);
  }
  return found;
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

runMain(async () => {
  const sizes = measurePackage();
  const found = findings(sizes);
  process.stdout.write(
    [
      `Main bundle ${kB(sizes.mainBundleBytes)} in ${sizes.mainBundleFiles.length} files (at most ${kB(mainBundleBudgetBytes)})`,
      `Package ${kB(sizes.vsixBytes)} with ${sizes.entries.length} files (at most ${kB(vsixBudgetBytes)})`,
      ...found,
      '',
    ].join('\n'),
  );
  return found.length === 0 ? 0 : 1;
});
