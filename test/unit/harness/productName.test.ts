import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const long = 'Environments & Warehouse for PostHog';
const short = 'PostHog Environments';

/** Everything that users can read: the README, the manifest, and the strings in the code. */
const read = [
  ...['README.md', 'CHANGELOG.md', 'package.json', 'media/marketplace.md'],
  ...readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox'))
    .map((file) => join('src', file)),
].map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  displayName: string;
  contributes: {
    commands: { command: string; title: string; category: string }[];
    configuration: { title: string };
    viewsContainers: { activitybar: { title: string }[] };
    views: Record<string, { name: string; contextualTitle: string }[]>;
    walkthroughs: { title: string }[];
  };
};

describe('pages about the product', () => {
  const page = readFileSync('media/marketplace.md', 'utf8');
  const readme = readFileSync('README.md', 'utf8');

  it('E: pictures of the extension page can be loaded: PNG files of the repository, by https', () => {
    const { repository, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      repository: { url: string };
      scripts: Record<string, string>;
    };
    assert.match(scripts.package ?? '', /--readme-path media\/marketplace\.md/);
    const base = `${repository.url.replace(/\.git$/, '')}/raw/HEAD/`;
    const pictures = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, address = '']) => address);
    assert.ok(pictures.length > 0);
    for (const address of pictures) {
      assert.ok(address.startsWith(base) && address.endsWith('.png'), address);
      assert.ok(existsSync(address.slice(base.length)), address);
    }
    for (const [, address = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
      assert.match(address, /^https:/);
    }
  });

  it('E: the scopes of a key are the same in the README, on the extension page, in the walkthrough, and in the prompt', () => {
    const scopesIn = (text: string): readonly string[] =>
      [...new Set(text.match(/\b[a-z_]+:(read|write)\b/g))].sort();
    const used = scopesIn(
      read
        .filter(({ file }) => file.startsWith('src/'))
        .flatMap(({ text }) => text.match(/'[a-z_]+:(read|write)'/g) ?? [])
        .join(' '),
    );
    const prompt = readFileSync('src/commands/connection/keyStep.ts', 'utf8');
    const [walkthrough = ''] = /the scopes [^.]+\./.exec(readFileSync('package.json', 'utf8')) ?? [];
    for (const text of [readme, page, walkthrough, prompt]) {
      const scopes = scopesIn(text);
      assert.deepEqual(
        used.filter((scope) => !scopes.includes(scope)),
        [],
      );
      assert.deepEqual(scopes, scopesIn(readme));
    }
  });

  it('E: users come first and developers last; the README starts with a picture and its two commands', () => {
    assert.ok(page.indexOf('## Get started') < page.indexOf('## Develop'));
    assert.ok(page.indexOf('## Develop') > page.indexOf('## Questions and bugs'));
    const [top = ''] = readme.split('\n## ');
    const order = ['![', 'npm ci && npm start', 'npm ci && npm test'].map((part) => top.indexOf(part));
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      order,
    );
    assert.ok(order.every((at) => at > 0));
    assert.ok(readme.indexOf('## Development') > readme.indexOf('## What you can do'));
  });
});

describe('the name of the product', () => {
  it('E: there is one long form and one short form, and the manifest uses each where VS Code shows it', () => {
    const { displayName, contributes } = manifest;
    assert.equal(displayName, long);
    assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], [short]);
    assert.equal(contributes.configuration.title, short);
    assert.deepEqual(
      contributes.walkthroughs.map(({ title }) => title),
      [`Get Started with ${short}`],
    );
    const views = Object.values(contributes.views).flat();
    // The view's title bar has room for one word; elsewhere, the full name is used.
    assert.deepEqual(
      [
        ...contributes.viewsContainers.activitybar.map(({ title }) => title),
        ...views.map(({ name }) => name),
      ],
      ['Environments', 'Environments', 'History'],
    );
    assert.deepEqual(
      views.map(({ contextualTitle }) => contextualTitle),
      [short, 'PostHog History'],
    );
    const extension = readFileSync('src/extension.ts', 'utf8');
    assert.match(extension, new RegExp(`createOutputChannel\\('${short}'`));
  });

  it('E: there are no other spellings', () => {
    for (const { file, text } of read) {
      for (const [found] of text.matchAll(
        /\bEnvironments (&|and) Warehouse\b( for post-?hog)?|\bwarehouse for post-?hog/gi,
      )) {
        // "environments and warehouse tables" are things, not a name.
        assert.ok(found === long || found === 'environments and warehouse', `${file}: ${found}`);
      }
      // In lowercase, it means PostHog's environments, not the product.
      for (const [found] of text.matchAll(/(?<![a-z])post ?hog[ ]environments?(?![a-z])/gi)) {
        assert.match(found, /^PostHog (Environments|environments?)$/, file);
      }
      assert.doesNotMatch(
        text,
        /(?<!X-)(?<![A-Za-z])(Posthog|Post Hog|PostHog (Environment|Warehouse) (Manager|Explorer|Extension))(?![A-Za-z])/,
        file,
      );
    }
  });

  it('E: command titles are in title case, and say ID', () => {
    for (const { command, title } of manifest.contributes.commands) {
      assert.match(title, /^[A-Z]/, command);
      assert.doesNotMatch(title, /\bId\b|\.\.\./, command);
      const small = new Set([
        'as',
        'and',
        'by',
        'for',
        'from',
        'in',
        'into',
        'or',
        'of',
        'the',
        'to',
        'with',
      ]);
      for (const word of title.split(' ').filter((one) => !small.has(one))) {
        assert.match(word, /^[A-Z]/, `${command}: ${title}`);
      }
    }
  });
});
