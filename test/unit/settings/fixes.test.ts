import assert from 'node:assert/strict';
import { fixEdit } from '../../../src/json/fixEdit';
import type { JsonObject } from '../../../src/json/json';
import { parseDocument, type DocumentProblem, type ProblemFix } from '../../../src/json/parse';
import { checkSettings } from '../../../src/settings/check';
import { formatDocument } from '../../../src/settings/document';
import { checkNewEnvironment } from '../../../src/settings/newEnvironment';
import { nearest } from '../../../src/settings/nearest';
import { checkTable } from '../../../src/warehouse/table';

const base: JsonObject = {
  name: 'Staging',
  timezone: 'Europe/Berlin',
  week_start_day: 1,
  anonymize_ips: false,
  test_account_filters: [],
  session_recording_sample_rate: '0.50',
};

function problemsOf(text: string): readonly DocumentProblem[] {
  const document = parseDocument(text);
  assert.ok(document.ok);
  return checkSettings(document, { base, generation: 'current' });
}

/** The fixes for the only problem of a document. */
function fixesOf(mine: JsonObject): readonly ProblemFix[] {
  const [problem, ...more] = problemsOf(formatDocument(mine));
  assert.deepEqual(more, []);
  return problem?.fixes ?? [];
}

const titles = (fixes: readonly ProblemFix[]): readonly string[] => fixes.map(({ title }) => title);

/** The document after a fix. */
function fixed(mine: JsonObject, title: string): unknown {
  const text = formatDocument(mine);
  const fix = fixesOf(mine).find((one) => one.title === title);
  assert.ok(fix, `there's no "${title}" among ${titles(fixesOf(mine)).join(', ')}`);
  const edit = fixEdit(text, fix.steps);
  assert.ok(edit);
  return JSON.parse(text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length));
}

describe('fixes for settings', () => {
  it('5: offers the key that an unknown one is a misspelling of, also by its title', () => {
    const { timezone, ...rest } = base;
    for (const wrong of ['timezon', 'time_zone', 'timeZone', 'tiemzone']) {
      const mine = { ...rest, [wrong]: 'Europe/Paris' };
      const [problem] = problemsOf(formatDocument(mine)).filter(({ code }) => code === 'unknown-key');
      assert.deepEqual(titles(problem?.fixes ?? []), ['Change to "timezone"', `Remove "${wrong}"`], wrong);
    }
    assert.ok(timezone);
    const [problem] = problemsOf(formatDocument({ ...base, something_else_entirely: 1 }));
    assert.deepEqual(titles(problem?.fixes ?? []), ['Remove "something_else_entirely"']);
  });

  it('5: a misspelled key gets one mark, and other missing keys keep theirs', () => {
    const { timezone, ...rest } = base;
    const codes = (mine: JsonObject): readonly string[] =>
      problemsOf(formatDocument(mine)).map(({ code }) => code);
    assert.deepEqual(codes({ ...rest, timezon: timezone ?? null }), ['unknown-key']);
    assert.deepEqual(codes({ ...rest, made_up: 1 }), ['missing-key', 'unknown-key']);
  });

  it('5: a misspelled nested key is marked and can be corrected', () => {
    const field = { session_recording_masking_config: { maskAllInput: true } };
    const text = formatDocument({ ...base, ...field });
    const [problem] = problemsOf(text).filter(({ code }) => code === 'unknown-key');
    assert.ok(problem);
    assert.equal(text.slice(problem.offset, problem.offset + problem.length), '"maskAllInput"');
    const [first, second] = titles(problem.fixes ?? []);
    assert.deepEqual([first, second], ['Change to "maskAllInputs"', 'Remove "maskAllInput"']);
  });

  it("5: a key that is already in the document isn't offered", () => {
    assert.deepEqual(titles(fixesOf({ ...base, timezon: 'x' })), ['Remove "timezon"']);
  });

  it("5: removes what can't be saved", () => {
    for (const key of ['api_token', 'id', 'secret_api_token', 'access_control']) {
      const mine = { ...base, [key]: 'x' };
      assert.deepEqual(titles(fixesOf(mine)), [`Remove "${key}"`], key);
      assert.deepEqual(fixed(mine, `Remove "${key}"`), base);
    }
  });

  it('5: offers the allowed values, the likeliest first, and the previous one', () => {
    assert.deepEqual(titles(fixesOf({ ...base, week_start_day: '0' })), [
      'Change to 0',
      'Change to 1',
      'Set to null',
      'Undo my change to "week_start_day"',
    ]);
    assert.deepEqual(titles(fixesOf({ ...base, anonymize_ips: 'true' })).slice(0, 2), [
      'Change to true',
      'Change to false',
    ]);
    assert.deepEqual(titles(fixesOf({ ...base, timezone: 'europe/madrit' })), [
      'Change to "Europe/Madrid"',
      'Undo my change to "timezone"',
    ]);
    assert.deepEqual(titles(fixesOf({ ...base, session_recording_sample_rate: 7 })), [
      'Change to 1',
      'Set to null',
      'Undo my change to "session_recording_sample_rate"',
    ]);
    assert.deepEqual(fixed({ ...base, week_start_day: '0' }, 'Set to null'), {
      ...base,
      week_start_day: null,
    });
  });

  it('5: every fix for every problem leaves valid JSON and changes only its place', () => {
    const mine = {
      name: 'Staging',
      timezon: 'Europe/Berlin',
      week_start_day: 'monday',
      id: 5,
      anonymize_ips: null,
      test_account_filters: [{ value: 1 }],
      session_recording_sample_rate: -1,
    };
    const text = formatDocument(mine);
    const problems = problemsOf(text);
    assert.ok(problems.length >= 6, `${problems.length} problems`);
    for (const { code, fixes = [] } of problems) {
      assert.ok(fixes.length > 0, `nothing solves ${code}`);
      assert.equal(new Set(titles(fixes)).size, fixes.length, `${code}: ${titles(fixes).join(', ')}`);
      for (const { steps, title } of fixes) {
        const edit = fixEdit(text, steps);
        assert.ok(edit, title);
        const after = text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length);
        assert.ok(parseDocument(after).ok, `${title}: ${after}`);
        assert.ok(edit.length < 120, `${title} replaces ${edit.length} characters`);
      }
    }
  });

  it('5: restores an array as a whole, and a nested value by itself', () => {
    const old = { survey_config: { appearance: { zIndex: '1', widgetType: 'tab' } } };
    const mine = { survey_config: { appearance: { zIndex: '1', widgetType: 7 } } };
    const document = parseDocument(formatDocument(mine));
    assert.ok(document.ok);
    const [problem] = checkSettings(document, { base: old, generation: 'current' });
    const undo = problem?.fixes?.find(({ title }) => title.startsWith('Undo'));
    assert.deepEqual(undo?.steps, [
      { kind: 'set', path: ['survey_config', 'appearance', 'widgetType'], value: 'tab' },
    ]);
    const filters = fixesOf({ ...base, test_account_filters: [{ value: 1 }] });
    assert.deepEqual(filters.at(-1)?.steps, [{ kind: 'set', path: ['test_account_filters'], value: [] }]);
  });

  it('5: missing keys are one problem, and one fix restores them', () => {
    const mine = { name: 'Staging' };
    const [fix] = fixesOf(mine);
    assert.equal(fix?.title, 'Restore 5 settings');
    assert.deepEqual(fixed(mine, fix.title), base);
  });

  it('5: drafts and tables have fixes too', () => {
    const draft = parseDocument('{"name": "New", "id": 5, "timezon": "UTC"}');
    assert.ok(draft.ok);
    assert.deepEqual(
      checkNewEnvironment(draft, 'current').map(({ fixes = [] }) => titles(fixes)),
      [['Remove "id"'], ['Change to "timezone"', 'Remove "timezon"']],
    );
    const table = parseDocument(
      '{"name": "orders", "format": "csv", "columns": {"id": "Integer"}, "deleted": true}',
    );
    assert.ok(table.ok);
    const found = checkTable(table, {
      base: { name: 'orders', format: 'CSVWithNames', columns: { id: 'string' } },
    });
    assert.deepEqual(
      found.map(({ fixes = [] }) => titles(fixes)[0]),
      ['Change to "CSV"', 'Change to "integer"', 'Remove "deleted"'],
    );
  });

  it('5: a misspelled key or column of a table gets one mark and can be corrected', () => {
    const columns = { order_id: 'integer', customer: 'string' };
    const orders = { name: 'orders', format: 'Parquet', columns };
    const found = (mine: JsonObject): readonly unknown[] => {
      const table = parseDocument(formatDocument(mine));
      assert.ok(table.ok);
      return checkTable(table, { base: orders }).map(({ code, fixes = [] }) => [code, ...titles(fixes)]);
    };
    const { format, ...rest } = orders;
    assert.deepEqual(found({ ...rest, formt: format }), [
      ['unknown-key', 'Change to "format"', 'Remove "formt"'],
    ]);
    assert.deepEqual(found({ ...orders, columns: { order_idd: 'integer', customer: 'string' } }), [
      ['unknown-column', 'Change to "order_id"', 'Remove "order_idd"'],
    ]);
    const codes = found({ ...orders, columns: { total: 'float', customer: 'string' } });
    assert.deepEqual(
      codes.map((one) => (one as readonly string[])[0]),
      ['unknown-column', 'removed-column'],
    );
  });

  it('5: finds the misspelling of each of 2,000 unknown settings', () => {
    const mine = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, at) => [`unknown_setting_number_${at}`, at]),
    );
    const text = formatDocument({ ...base, ...mine });
    assert.equal(problemsOf(text).length, 2_000);
  });

  it("5: words with nothing in common aren't misspellings", () => {
    assert.deepEqual(nearest('zzz', ['name', 'timezone'], 3), []);
    assert.deepEqual(nearest('', ['name'], 3), []);
    assert.deepEqual(nearest('EURO', ['USD', 'EUR'], 3), ['EUR']);
  });
});
