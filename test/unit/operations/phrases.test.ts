import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';

const isForPhrases = (file: string): boolean =>
  file.startsWith('operations/phrases/') || file === 'posthog/outcomePhrases.ts';
/** Shorter sentences, such as "Try again in a moment.", are advice that fits many failures. */
const minWords = 6;

interface Said {
  readonly sentence: string;
  readonly file: string;
}

/** The sentences in the strings of a file, with `…` for everything inserted. */
function sentencesOf(file: string): Said[] {
  const found: Said[] = [];
  const add = (text: string): void => {
    for (const sentence of text.split(/(?<=[.!?])\s+/)) {
      if ((sentence.match(/[A-Za-z']+/g) ?? []).length >= minWords && sentence.endsWith('.')) {
        found.push({ sentence, file });
      }
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) {
      add(node.text);
    } else if (ts.isTemplateExpression(node)) {
      add(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(`src/${file}`, 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/'));

describe('sentences about outcomes', () => {
  it('10.1: are in small files, one for each subject, and so are the words of receipts', () => {
    for (const file of sources) {
      const text = readFileSync(`src/${file}`, 'utf8');
      if (isForPhrases(file)) {
        assert.ok(text.split('\n').length < 150, file);
      } else {
        assert.doesNotMatch(text, /receipts\.add\(\{\s*done: ['`]/, file);
      }
    }
  });

  it('10.1: are written once', () => {
    const all = sources.flatMap(sentencesOf);
    const outcomes = new Set(all.filter(({ file }) => isForPhrases(file)).map(({ sentence }) => sentence));
    assert.ok(outcomes.size > 50, `${outcomes.size} sentences`);
    const twice = [...outcomes]
      .map((sentence) => ({
        sentence,
        files: all.filter((one) => one.sentence === sentence).map(({ file }) => file),
      }))
      .filter(({ files }) => files.length > 1);
    assert.deepEqual(twice, []);
  });
});
