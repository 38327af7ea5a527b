import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../../src/sandbox/index';
import { settingsField, type Generation } from '../../../src/settings/catalogue';
import { checkSettings } from '../../../src/settings/check';
import { formatDocument, settingsDocument } from '../../../src/settings/document';
import { settingsJsonSchema } from '../../../src/settings/jsonSchema';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import { parseDocument } from '../../../src/json/parse';
import { compareAnswer } from '../../../src/settings/answer';
import { planSettings } from '../../../src/settings/patch';
import { Ajv } from 'ajv';
import { acceptedByCurrent, acceptedValues, refusedValues } from './ruleCases';

/** A value with null in place of each of its parts in turn. */
function* withNull(value: JsonValue): Generator<JsonValue> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const inner of [null, ...withNull(item)]) {
        yield value.map((one, at) => (at === index ? inner : one));
      }
    }
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined && item !== null) {
        for (const inner of [null, ...withNull(item)]) {
          yield { ...value, [key]: inner };
        }
      }
    }
  }
}

/**
 * Does the catalogue say what the sandbox does? Both are implemented from the API facts, independently of each other.
 */
for (const generation of ['documented', 'current'] as const satisfies Generation[]) {
  describe(`settings catalogue against a ${generation} server`, () => {
    let sandbox: Sandbox;
    let id: number;

    before(async () => {
      sandbox = await startSandbox({ port: 0, generation });
      const [first] = await environmentIds();
      assert.ok(first !== undefined);
      id = first;
    });
    after(() => sandbox.close());

    async function call(
      method: string,
      path: string,
      body?: JsonObject,
    ): Promise<{ status: number; body: JsonObject }> {
      const response = await fetch(sandbox.url + path, {
        method,
        headers: { authorization: `Bearer ${sandbox.keys.admin}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: (await response.json()) as JsonObject };
    }

    async function idsAt(path: string): Promise<number[]> {
      const { results } = (await call('GET', path)).body;
      assert.ok(Array.isArray(results));
      return results.map((one) => {
        assert.ok(isJsonObject(one) && typeof one.id === 'number');
        return one.id;
      });
    }

    /** On current servers, a project is its only environment; older servers keep several in one. */
    async function environmentIds(): Promise<number[]> {
      const projects = await idsAt('/api/projects/');
      return generation === 'current'
        ? projects
        : (await Promise.all(projects.map((one) => idsAt(`/api/projects/${one}/environments/`)))).flat();
    }

    const environment = (): string => `/api/environments/${id}/`;
    const known = (key: string): boolean => {
      const field = settingsField(key);
      return field?.removedIn !== generation && (generation === 'current' || field?.addedIn === undefined);
    };

    for (const { key, value, on, serverTakes, takenBy } of refusedValues.filter((one) => known(one.key))) {
      const takes = serverTakes !== undefined && (takenBy === undefined || takenBy === generation);
      const refuses = !takes && (on === undefined || on === generation);
      it(`${refuses ? 'rejects' : 'accepts'} ${key} = ${JSON.stringify(value).slice(0, 60)}`, async () => {
        const { status, body } = await call('PATCH', environment(), { [key]: value });
        assert.equal(status, refuses ? 400 : 200, JSON.stringify(body).slice(0, 300));
      });
    }

    const accepted = [...acceptedValues, ...(generation === 'current' ? acceptedByCurrent : [])];
    for (const [key, ...values] of accepted.filter(([one]) => known(one))) {
      it(`accepts and returns every valid value of ${key}`, async () => {
        for (const value of values) {
          const sent = { [key]: value };
          const { status, body } = await call('PATCH', environment(), sent);
          assert.equal(status, 200, JSON.stringify([value, body]).slice(0, 300));
          assert.deepEqual(compareAnswer(sent, body, generation), []);
        }
      });
    }

    for (const [key, ...values] of accepted.filter(([one]) => known(one))) {
      it(`B1: null inside ${key} is reported in advance where it is rejected`, async () => {
        for (const value of values.flatMap((one) => [...withNull(one)])) {
          const sent = { [key]: value };
          const document = parseDocument(JSON.stringify(sent));
          assert.ok(document.ok);
          const found = checkSettings(document, { base: { [key]: 'something else' }, generation });
          const { status, body } = await call('PATCH', environment(), sent);
          assert.ok(status === 200 || found.length > 0, `${JSON.stringify(sent)}: ${JSON.stringify(body)}`);
        }
      });
    }

    it('opens every environment without problems or changes to send', async () => {
      const validate = new Ajv({ strict: false }).compile(settingsJsonSchema());
      for (const one of await environmentIds()) {
        const document = settingsDocument((await call('GET', `/api/environments/${one}/`)).body);
        assert.ok(Object.keys(document).length > 40);
        assert.ok(validate(document), JSON.stringify(validate.errors));
        const parsed = parseDocument(formatDocument(document));
        assert.ok(parsed.ok);
        assert.deepEqual(checkSettings(parsed, { base: document, generation, membershipLevel: 1 }), []);
        assert.deepEqual(planSettings(document, parsed.value, generation).body, {});
      }
    });

    it('returns every field of the catalogue, and none that the catalogue lacks', async () => {
      const { body } = await call('GET', environment());
      const unknown = Object.keys(body).filter((key) => !settingsField(key));
      assert.deepEqual(unknown, []);
    });
  });
}
