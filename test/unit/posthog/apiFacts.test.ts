import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

const sections = new Set(
  [...readFileSync('src/posthog/API.md', 'utf8').matchAll(/^##+ (\d+(?:\.\d+)?)/gm)].map(
    ([, number]) => number,
  ),
);

/** The sections that a text cites: "API facts 2.1, 2.4 and 9.2". */
function cited(text: string): string[] {
  // A citation can span several lines of a comment.
  const flat = text.replaceAll(/\s*\n\s*(?:\/\/|\*)?\s*/g, ' ');
  return [...flat.matchAll(/API facts ((?:\d+(?:\.\d+)?(?:,? and |, )?)+)/g)].flatMap(([, list = '']) =>
    list.split(/,? and |, /).filter((number) => number !== ''),
  );
}

describe('API facts', () => {
  it('all cited sections are in src/posthog/API.md', () => {
    const files = ['src', 'test'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file}`),
    );
    const citations = files.flatMap((file) =>
      cited(readFileSync(file, 'utf8')).map((number) => ({ file, number })),
    );
    assert.ok(citations.length > 150, `${citations.length} citations`);
    assert.deepEqual(
      citations.filter(({ number }) => !sections.has(number)),
      [],
    );
  });
});
