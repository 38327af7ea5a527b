import assert from 'node:assert/strict';
import { saveSettings } from '../../../../src/operations/save/savePipeline';
import type { Saved } from '../../../../src/operations/save/saveRefused';
import { formatDocument, maskSecrets, settingsDocument } from '../../../../src/settings/document';
import { isJsonObject, parseJson, type JsonObject } from '../../../../src/json/json';
import { ScriptedServer, clientOf } from '../../posthog/server';
import { never, refused } from '../support';

const environment = { id: 7, projectId: 7 };

describe('integers beyond a double in a settings document', () => {
  const server = new ScriptedServer();
  /** The stored settings as JSON, because JavaScript would round them. */
  let stored: string;
  before(() => server.start());
  after(() => server.stop());

  const serve = (settings: string): void => {
    stored = settings;
    server.play(({ method, body }, response) => {
      if (method === 'PATCH') {
        stored = `${stored},${body.toString().slice(1, -1)}`;
      }
      response.setHeader('Content-Type', 'application/json');
      response.end(`{"id": 7, "name": "Shop", ${stored}}`);
      return undefined;
    });
  };
  const open = async (): Promise<JsonObject> =>
    settingsDocument((await clientOf(server).getEnvironment(environment, never())).raw);
  const save = (base: JsonObject, text: string): Promise<Saved> =>
    saveSettings({ client: clientOf(server), environment, text, base, signal: never() }, 'current');
  const patched = (): string[] =>
    server.seen.filter(({ method }) => method === 'PATCH').map(({ body }) => body.toString());

  it('are shown with every digit, and an untouched document sends nothing', async () => {
    serve('"extra_settings": {"account": 9007199254740993}');
    const base = await open();
    assert.match(formatDocument(base), /"account": 9007199254740993$/m);
    assert.deepEqual((await save(base, formatDocument(base))).sentKeys, []);
  });

  it('are sent with every digit when another part of their object is changed', async () => {
    serve('"extra_settings": {"account": -123456789012345678901234567890, "on": true}');
    const base = await open();
    const saved = await save(base, formatDocument(base).replace('true', 'false'));
    assert.deepEqual(patched(), [
      '{"extra_settings":{"account":-123456789012345678901234567890,"on":false}}',
    ]);
    assert.match(saved.text, /"account": -123456789012345678901234567890,/);
  });

  it('can be changed by one', async () => {
    serve('"extra_settings": {"account": 9007199254740993}');
    const base = await open();
    const saved = await save(base, formatDocument(base).replace('0993', '0992'));
    assert.deepEqual(patched(), ['{"extra_settings":{"account":9007199254740992}}']);
    assert.match(saved.text, /"account": 9007199254740992$/m);
  });

  it('are a conflict if someone else changes them by one', async () => {
    serve('"extra_settings": {"account": 9007199254740993}');
    const base = await open();
    serve('"extra_settings": {"account": 9007199254740992}');
    const refusal = await refused(save(base, formatDocument(base).replace('0993', '0994')));
    assert.match(refusal.message, /Someone changed extra_settings\.account in PostHog/);
    assert.deepEqual(patched(), []);
  });

  it('are rejected if a smaller number is required', async () => {
    serve('"default_data_theme": 1');
    const base = await open();
    const refusal = await refused(save(base, '{"name": "Shop", "default_data_theme": 9007199254740993}'));
    assert.match(refusal.message, /must be an integer from .*, not 9007199254740992/);
  });

  it('are IDs like any other', async () => {
    serve('"session_recording_linked_flag": null');
    const base = await open();
    const flag = '{"id": "9007199254740993", "key": "a"}';
    server.play(({ method }, response) => {
      response.setHeader('Content-Type', 'application/json');
      const now = method === 'PATCH' ? flag.replace('"9007199254740993"', '9007199254740993') : 'null';
      response.end(`{"id": 7, "name": "Shop", "session_recording_linked_flag": ${now}}`);
      return undefined;
    });
    const saved = await save(base, `{"name": "Shop", "session_recording_linked_flag": ${flag}}`);
    assert.deepEqual(saved.sentKeys, ['session_recording_linked_flag']);
  });

  it('keep their digits in the full response', () => {
    const response = parseJson(
      '{"extra_settings": {"account": 9007199254740993, "secret": 9007199254740993}}',
    );
    assert.ok(isJsonObject(response));
    assert.equal(
      JSON.stringify(maskSecrets(response)),
      '{"extra_settings":{"account":9007199254740993,"secret":"••••••"}}',
    );
  });
});
