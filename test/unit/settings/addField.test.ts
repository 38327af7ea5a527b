import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as answer from '../../../src/settings/answer';
import type * as catalogue from '../../../src/settings/catalogue';
import type * as check from '../../../src/settings/check';
import type * as document from '../../../src/settings/document';
import type * as duplicate from '../../../src/settings/duplicate';
import type * as jsonSchema from '../../../src/settings/jsonSchema';
import type * as merge from '../../../src/settings/merge';
import type * as patch from '../../../src/settings/patch';
import type * as risk from '../../../src/settings/risk';
import type * as changes from '../../../src/operations/changes';
import type * as reviewItems from '../../../src/operations/review/reviewItems';
import type * as sandbox from '../../../src/sandbox/index';
import { isJsonObject, type JsonObject } from '../../../src/json/json';
import { parseDocument, type DocumentProblem } from '../../../src/json/parse';

type House = typeof answer &
  typeof catalogue &
  typeof check &
  typeof document &
  typeof duplicate &
  typeof jsonSchema &
  typeof merge &
  typeof patch &
  typeof risk &
  typeof changes &
  typeof reviewItems &
  typeof sandbox;

const key = 'made_up_options';

/** Everything that a developer writes outside of tests to add a field. */
const record = `
  field(
    'surveys',
    '${key}',
    {
      title: 'Made-up options',
      text: 'Options for a product that does not exist.',
      risk: [stops('Turning it off stops made-up data.', 'off')],
      synonyms: ['Invented options'],
      needs: ['surveys_opt_in'],
      section: 'environment-surveys',
      link: 'made-up-options',
    },
    {
      type: 'object',
      closed: true,
      keys: {
        count: { type: 'integer', min: 1, max: 5, text: 'How many.' },
        home: { type: 'integer', pointsTo: 'dashboard' },
      },
    },
    { ...mergedNotNull, whenIgnored: 'This server has no made-up options.' },
  ),`;

/** Adds the field to the sandbox's server, which implements the facts independently of the catalogue. */
const served = `  field('${key}', anyJson, {}, { merge: 'shallow', ...CURRENT }),`;

/** The lists of fields, by file, and what is inserted at their start. */
const lists = [
  {
    file: /[\\/]settings[\\/]fields[\\/]products\.ts$/,
    start: 'export const productFields: readonly SettingsField[] = [',
    added: record,
  },
  {
    file: /[\\/]sandbox[\\/]fields[\\/]fields\.ts$/,
    start: 'export const FIELDS: readonly Field[] = [',
    added: served,
  },
];

/** Everything that reads the catalogue, using a copy of it with one more field, and a server that has it. */
async function withMadeUpField(): Promise<House> {
  const modules = 'answer catalogue check document duplicate jsonSchema merge patch risk'.split(' ');
  const outfile = resolve('dist/test/madeUpField.mjs');
  await build({
    stdin: {
      contents: [
        ...modules.map((name) => `export * from './src/settings/${name}';`),
        "export * from './src/operations/changes';",
        "export * from './src/operations/review/reviewItems';",
        "export * from './src/sandbox/index';",
      ].join('\n'),
      resolveDir: process.cwd(),
    },
    bundle: true,
    outfile,
    packages: 'external',
    logLevel: 'error',
    format: 'esm',
    platform: 'node',
    plugins: [
      {
        name: 'made-up-field',
        setup: ({ onLoad }) => {
          for (const { file, start, added } of lists) {
            onLoad({ filter: file }, async ({ path }) => {
              const text = await readFile(path, 'utf8');
              assert.ok(text.includes(start));
              return { contents: text.replace(start, `${start}\n${added}`), loader: 'ts' };
            });
          }
        },
      },
    ],
  });
  return (await import(pathToFileURL(outfile).href)) as House;
}

describe('10.4: adding a field takes only its record', () => {
  let house: House;
  const base = { name: 'Staging', surveys_opt_in: false, [key]: { count: 2, home: 7 } };
  const mine = { ...base, [key]: { count: 3, home: 7 } };

  before(async () => {
    house = await withMadeUpField();
  });

  function problems(value: JsonObject): readonly DocumentProblem[] {
    const parsed = parseDocument(house.formatDocument(value));
    assert.ok(parsed.ok);
    return house.checkSettings(parsed, { base, generation: 'current', membershipLevel: 1 });
  }

  it('10.4: it is in the settings document, in its group', () => {
    const response = {
      id: 1,
      timezone: 'UTC',
      surveys_opt_in: true,
      [key]: {},
      session_recording_opt_in: true,
    };
    assert.deepEqual(Object.keys(house.settingsDocument(response)), [
      'timezone',
      'session_recording_opt_in',
      key,
      'surveys_opt_in',
    ]);
    const field = house.settingsField(key);
    assert.ok(field);
    const group = house.settingsGroups.find(({ id }) => id === field.group);
    assert.equal(group?.title, 'Surveys');
    const first = house.settingsFields.find((one) => one.group === field.group);
    assert.equal(first?.key, key, 'the row of the group opens the document here');
  });

  it('10.4: completion and hover show it, for new environments too', () => {
    for (const { properties } of [house.settingsJsonSchema(), house.createEnvironmentJsonSchema()]) {
      const schema = isJsonObject(properties) ? properties[key] : undefined;
      assert.ok(isJsonObject(schema) && isJsonObject(schema.properties));
      assert.deepEqual(Object.keys(schema.properties), ['count', 'home']);
      assert.equal(schema.title, 'Made-up options');
      assert.equal(
        schema.markdownDescription,
        [
          'Options for a product that does not exist.',
          'Saving merges the keys: a key that is left out keeps its value. Project admins only.',
          'Has no effect unless `surveys_opt_in` is set.',
          '- Turning it off stops made-up data.',
          '*Surveys* · also known as Invented options',
        ].join('\n\n'),
      );
    }
  });

  it('10.4: it is checked: type, limits, keys, null, role, needed settings', () => {
    const codes = (value: JsonObject[string]): string[] =>
      problems({ ...base, [key]: value }).map(({ code }) => code);
    assert.deepEqual(codes({ count: 9, home: 7 }), ['needs', 'role', 'limit']);
    assert.deepEqual(codes({ count: 2, home: 7, other: 1 }), ['needs', 'role', 'unknown-key']);
    assert.deepEqual(codes('a'), ['needs', 'role', 'type']);
    assert.deepEqual(codes(null), ['role', 'null']);
    assert.deepEqual(problems(base), []);
  });

  it('10.4: a save sends only its changed keys, and review, merge and risk support it', () => {
    assert.deepEqual(house.planSettings(base, mine, 'current').body, { [key]: { count: 3 } });
    assert.deepEqual(house.settingsChanges(base, { [key]: { count: 3 } }, 'current'), [
      { path: [key, 'count'], from: 2, to: 3 },
    ]);
    const theirs = { ...base, [key]: { count: 2, home: 8 } };
    assert.deepEqual(house.mergeSettings({ base, mine, theirs }), {
      merged: { ...base, [key]: { count: 3, home: 8 } },
      conflicts: [],
      taken: [[key, 'home']],
    });
    const field = house.settingsField(key);
    assert.ok(field);
    assert.deepEqual(
      house.risksOf(field, { count: 1 }, {}).map(({ kind }) => kind),
      ['stops'],
    );
  });

  it('10.4: a copy of the environment gets it without what belongs to the source', () => {
    const { document: copy, leftOut } = house.duplicateDocument(base, 'Copy of Staging', 'current');
    assert.deepEqual(copy[key], { count: 2 });
    assert.deepEqual(leftOut, [{ path: `${key}.home`, pointsTo: 'dashboard' }]);
  });

  it('10.4: a review shows it with its title, its risk, and who can change it', () => {
    const theirs = { ...base, [key]: { count: 2, home: 7 } };
    const changes = house.settingsChanges(theirs, { [key]: { count: 0 } }, 'current');
    const sending = {
      kind: 'settings' as const,
      environment: { organizationId: 'o', projectId: 1, id: 1 },
      raw: theirs,
      generation: 'current' as const,
      body: { [key]: { count: 0 } },
      theirs,
      merged: { ...theirs, [key]: { count: 0, home: 7 } },
    };
    const [item, ...others] = house.reviewItems({ changes, sending });
    assert.deepEqual(others, []);
    assert.deepEqual([item?.title, item?.name], ['Made-up options', `${key}.count`]);
    assert.deepEqual(item?.notes, [
      'Merged: omitted keys keep their values.',
      'Only project admins can change it.',
    ]);
  });

  it("10.4: a quick fix removes keys that its object doesn't allow", () => {
    const [problem] = problems({
      ...base,
      surveys_opt_in: true,
      [key]: { count: 2, home: 7, counts: 1 },
    }).filter(({ code }) => code === 'unknown-key');
    assert.ok(problem?.fixes && problem.fixes.length > 0);
  });

  for (const generation of ['current', 'documented'] as const) {
    it(`10.4: a ${generation} server that ${generation === 'current' ? 'has it accepts what a save sends' : 'lacks it is detected'}`, async () => {
      const server = await house.startSandbox({ port: 0, generation });
      const headers = { authorization: `Bearer ${server.keys.admin}`, 'content-type': 'application/json' };
      const call = async (path: string, init: RequestInit = {}): Promise<JsonObject> => {
        const response = await fetch(server.url + path, { ...init, headers });
        assert.equal(response.status, 200);
        return (await response.json()) as JsonObject;
      };
      const firstOf = async (path: string): Promise<number> => {
        const { results } = await call(path);
        const first = Array.isArray(results) ? results[0] : undefined;
        assert.ok(isJsonObject(first) && typeof first.id === 'number');
        return first.id;
      };
      try {
        const project = await firstOf('/api/projects/');
        const path =
          generation === 'current'
            ? `/api/projects/${project}/`
            : `/api/environments/${await firstOf(`/api/projects/${project}/environments/`)}/`;
        const before = await call(path);
        const stored = before[key];
        const { body } = house.planSettings({ [key]: stored ?? {} }, { [key]: { count: 3 } }, generation);
        const answer = await call(path, { method: 'PATCH', body: JSON.stringify(body) });
        const differs = house.compareAnswer(body, answer, generation);
        if (generation === 'current') {
          assert.deepEqual([answer[key], differs], [{ count: 3 }, []]);
        } else {
          assert.deepEqual(differs, [
            {
              key,
              path: key,
              sent: { count: 3 },
              answered: undefined,
              hint: 'This server has no made-up options.',
            },
          ]);
        }
      } finally {
        await server.close();
      }
    });
  }
});

describe("the catalogue's texts", () => {
  it('10.4: load with the first document, not at the start', async () => {
    const { metafile } = await build({
      entryPoints: ['src/extension.ts'],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      external: ['vscode'],
      outdir: 'dist',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const atStart = new Set<string>();
    const follow = (file: string): void => {
      if (!atStart.has(file)) {
        atStart.add(file);
        for (const { path, kind, external } of metafile.outputs[file]?.imports ?? []) {
          if (kind === 'import-statement' && !external) {
            follow(path);
          }
        }
      }
    };
    follow('dist/extension.js');
    const sources = [...atStart].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
    assert.ok(sources.includes('src/settings/groups.ts'), 'the groups are rows of the tree');
    assert.deepEqual(
      sources.filter((source) => /settings\/(?:fields\/|catalogue|risk|jsonSchema)/.test(source)),
      [],
    );
  });
});
