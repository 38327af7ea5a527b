import assert from 'node:assert/strict';
import fc from 'fast-check';
import { own, type JsonValue } from '../../../src/json/json';
import type { JsonPath } from '../../../src/json/parse';
import { pathName } from '../../../src/json/pathName';
import { compareStates } from '../../../src/operations/compare/compare';
import { referencesIn, whyRefused } from '../../../src/operations/settingsFile/checkManaged';
import { pullInto } from '../../../src/operations/settingsFile/pull';
import { readSettingsFile } from '../../../src/operations/settingsFile/settingsFile';
import { wantedOf } from '../../../src/operations/settingsFile/wanted';
import type { SettingsField } from '../../../src/settings/catalogue';
import { formatDocument } from '../../../src/settings/document';
import { duplicateDocument } from '../../../src/settings/duplicate';
import { boundFields, boundParts, boundValuesOf, type Part } from '../settings/boundValues';

/** Whether each part is one of the listed ones, or in one. */
const areListed = (key: string, parts: readonly Part[], listed: readonly string[]): boolean =>
  parts.every(({ path }) =>
    [...path, undefined].some((_, length) => listed.includes(pathName([key, ...path.slice(0, length)]))),
  );

const forAll = (field: SettingsField, check: (value: JsonValue, parts: readonly Part[]) => void): void => {
  fc.assert(
    fc.property(boundValuesOf(field, 1001), (value) => {
      check(value, boundParts(field.rule, value));
    }),
    { seed: 4, numRuns: 200 },
  );
};

describe('what belongs to one environment, in any setting', () => {
  for (const field of boundFields) {
    const { key, rule } = field;
    const none = (value: JsonValue | undefined): void => {
      assert.deepEqual(value === undefined ? [] : boundParts(rule, value), []);
    };

    it(`12: ${key} isn't duplicated with it, and it's listed`, () => {
      forAll(field, (value, parts) => {
        const { document, leftOut } = duplicateDocument({ [key]: value }, 'Copy', 'current');
        none(own(document, key));
        const listed = leftOut.map(({ path }) => path);
        assert.ok(areListed(key, parts, listed), `${JSON.stringify(parts)} ${listed.join(', ')}`);
      });
    });

    it(`12: ${key} isn't compared by it, and it's listed`, () => {
      forAll(field, (value, parts) => {
        const { rows } = compareStates([
          { label: 'a', settings: { [key]: value } },
          { label: 'b', settings: { [key]: null } },
        ]);
        const [cell] = rows[0]?.cells ?? [];
        assert.ok(cell?.is === 'value');
        none(cell.value);
        const listed = cell.bound.map(({ path }: { path: JsonPath }) => pathName(path));
        assert.ok(areListed(key, parts, listed), `${JSON.stringify(parts)} ${listed.join(', ')}`);
      });
    });

    it(`5: ${key} doesn't get into a settings file with it, whatever the file has`, () => {
      fc.assert(
        fc.property(boundValuesOf(field, 1001), boundValuesOf(field, 1001), (value, other) => {
          // The file may have such a setting only without what belongs to an environment.
          const was = own(duplicateDocument({ [key]: other }, 'Copy', 'current').document, key);
          const settings = was === undefined || whyRefused(field, false) !== undefined ? {} : { [key]: was };
          const environment = { host: 'https://eu.posthog.com', id: 1202, settings };
          const text = formatDocument({ environments: { a: environment } });
          const { file } = readSettingsFile(text);
          const [target] = file?.environments ?? [];
          assert.ok(file && target);
          const pulled = pullInto(text, file, [{ target, settings: { [key]: value } }], { all: true });
          const after = readSettingsFile(pulled.text).file;
          const [now] = after?.environments ?? [];
          assert.ok(after && now);
          none(own(wantedOf(after, now), key));
        }),
        { seed: 4, numRuns: 200 },
      );
    });

    it(`5: ${key} in a settings file is rejected with it, at its place`, () => {
      forAll(field, (value, parts) => {
        const found = referencesIn(rule, value).map(({ path }) => pathName(path));
        assert.deepEqual(found.sort(), parts.map(({ path }) => pathName(path)).sort());
      });
    });
  }
});
