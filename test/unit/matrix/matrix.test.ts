import assert from 'node:assert/strict';
import {
  comparisonOf,
  matrixView,
  type Column,
  type MatrixOptions,
  type MatrixView,
} from '../../../src/matrix/model';
import { renderMatrix } from '../../../src/matrix/render';
import { settingsFields } from '../../../src/settings/catalogue';
import type { JsonObject } from '../../../src/json/json';

const column = (label: string, more: Partial<Column> = {}): Column => ({
  ...{ label, around: 'Shop · Work', environmentId: 1, isProtected: false, status: 'ready' },
  ...more,
});

function viewOf(
  settings: Readonly<Record<string, JsonObject>>,
  options: Partial<MatrixOptions> = {},
): MatrixView {
  const columns = Object.keys(settings).map((label) => column(label));
  const states = Object.entries(settings).map(([label, one]) => ({ label, settings: one }));
  const comparison = comparisonOf(columns, states, []);
  return matrixView(columns, comparison, { showsAll: false, sort: 'group', ...options });
}

const keys = (view: MatrixView): string[] => view.groups.flatMap(({ rows }) => rows.map(({ key }) => key));

describe('environments side by side', () => {
  const settings = {
    A: { name: 'A', timezone: 'UTC', anonymize_ips: true, surveys_opt_in: true },
    B: { name: 'B', timezone: 'UTC', anonymize_ips: true, surveys_opt_in: false },
    C: { name: 'C', timezone: 'Asia/Tokyo', anonymize_ips: true, surveys_opt_in: false },
    D: { name: 'D', timezone: 'Asia/Seoul', anonymize_ips: true, surveys_opt_in: false },
  };

  it('11.4: the tab names the environments if there are only a few, and each column shows its organization and connection', () => {
    const { A, B } = settings;
    assert.equal(viewOf({ A, B }).title, 'Compare A ↔ B');
    assert.equal(viewOf(settings).title, 'Compare 4 environments');
    assert.match(renderMatrix(viewOf({ A, B })).toString(), />Shop · Work ·/);
  });

  it('12.2: shows rows that differ, or all of them', () => {
    assert.deepEqual(keys(viewOf(settings)), ['timezone', 'surveys_opt_in']);
    assert.deepEqual(keys(viewOf(settings, { showsAll: true })), [
      'name',
      'timezone',
      'anonymize_ips',
      'surveys_opt_in',
    ]);
  });

  it('12.2: sorts by group, or by the number of odd ones out', () => {
    const few = { ...settings, A: { ...settings.A, timezone: 'UTC' } };
    const byGroup = viewOf(few);
    assert.deepEqual(
      byGroup.groups.map(({ title }) => title),
      ['General', 'Surveys'],
    );
    const swapped = viewOf(
      {
        A: { timezone: 'UTC', surveys_opt_in: true },
        B: { timezone: 'UTC', surveys_opt_in: false },
        C: { timezone: 'Asia/Tokyo', surveys_opt_in: null },
      },
      { sort: 'count' },
    );
    assert.deepEqual(keys(swapped), ['surveys_opt_in', 'timezone']);
  });

  it('12.2: marks odd ones out with a shape and in words, and says why a cell has no value', () => {
    const text = renderMatrix(viewOf(settings)).toString();
    assert.match(text, /aria-label="Time zone, C: &quot;Asia\/Tokyo&quot;, differs from most"/);
    assert.equal(text.match(/class="odd"/g)?.length, 3);
    assert.doesNotMatch(text, /All differ/);
    const columns = [
      column('A'),
      column('B', { status: 'failed', why: 'The key is <b>bad</b>.', needsKey: true }),
    ];
    const comparison = comparisonOf(columns, [{ label: 'A', settings: { timezone: 'UTC' } }], []);
    const failed = renderMatrix(
      matrixView(columns, comparison, { showsAll: true, sort: 'group' }),
    ).toString();
    assert.match(failed, /<strong>B<\/strong> couldn't be read\. The key is &lt;b&gt;bad&lt;\/b&gt;\./);
    assert.match(failed, /\(unreadable\)/);
    assert.match(failed, /Replace key…/);
  });

  it('12.2: if no value is the most common, none is marked, and the setting says so with a shape and in words', () => {
    const { A, C, D } = settings;
    const text = renderMatrix(viewOf({ A, C, D })).toString();
    assert.match(text, /aria-label="Time zone, C: &quot;Asia\/Tokyo&quot; \(All differ\)"/);
    assert.match(text, /<span class="split"><svg class="icon"[^]*?<\/svg> All differ<\/span>/);
    // Surveys are on in one of three.
    assert.equal(text.match(/class="odd"/g)?.length, 1);
    assert.equal(text.match(/class="split"/g)?.length, 1);
  });

  it('12.2: escapes everything from a server, and contains no inline style or script', () => {
    const hostile = '"><script>alert(1)</script><i onclick=x style="y">';
    const text = renderMatrix(
      viewOf({ [hostile]: { product_description: hostile }, B: { product_description: 'b' } }),
    ).toString();
    // Without quoted attributes, which escaped text can't leave.
    assert.doesNotMatch(text.replaceAll(/"[^"]*"/g, '""'), /<script|<i |<[^>]* style=|<[^>]* on\w+=/);
    assert.ok(!text.includes(hostile));
  });

  it('12.2: 60 settings of 50 environments have 3,000 cells with a header each, including all that differ', () => {
    const keys60 = settingsFields.filter(({ access }) => access === 'writable').slice(0, 60);
    const full = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        `Environment ${index}`,
        Object.fromEntries(keys60.map(({ key }, place) => [key, (index + place) % 3])),
      ]),
    );
    const drawn = renderMatrix(viewOf(full, { showsAll: true })).toString();
    const count = (pattern: RegExp): number => drawn.match(pattern)?.length ?? 0;
    assert.equal(count(/<td[^>]* tabindex/g), 3_000);
    assert.equal(count(/<th[^>]*scope="col"/g), 51);
    assert.equal(count(/<th[^>]*scope="row"/g), 60);
  });

  it('C1: hidden and direction characters are shown, never in effect', () => {
    const view = viewOf({ 'A\u202e': { name: 'x\u202e' }, 'B\u200b': { name: 'y' } }, { showsAll: true });
    assert.equal(view.title, 'Compare A[U+202E] ↔ B[U+200B]');
    const markup = renderMatrix(view).toString();
    assert.doesNotMatch(markup, /[\u202e\u200b]/);
    assert.match(markup, /<span class="name">A\[U\+202E\]<\/span>/);
    assert.match(markup, /aria-label="[^"]*, B\[U\+200B\]: /);
  });

  it('12.2: counts the headings of groups as rows, and names a cell for the line below the table', () => {
    const { A, B } = settings;
    const markup = renderMatrix(viewOf({ 'Shop: A': A, B }, { showsAll: true })).toString();
    const rows = markup.match(/role="row"/g)?.length;
    assert.match(markup, new RegExp(`aria-rowcount="${rows ?? ''}"`));
    assert.match(markup, /data-name="Time zone, Shop: A"/);
  });
});
