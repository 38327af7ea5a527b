import assert from 'node:assert/strict';
import { redact, tidy } from '../../../src/posthog/redact';
import { maskSecrets } from '../../../src/settings/document';
import { maskSecretText } from '../../../src/settings/secrets';

/** Each has exactly one secret, between these marks. */
const withSecret = [
  ...['phx', 'phs', 'pha', 'phr', 'phh'].map((prefix) => `the key «${prefix}_0123456789abcdef» is not valid`),
  'Bearer «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl»',
  'https://bucket.s3.amazonaws.com/a.csv?X-Amz-Expires=60&X-Amz-Signature=«00ff00ff»&x=1',
  'https://bucket.s3.amazonaws.com/a.csv?X-Amz-Credential=«AKIAEXAMPLE/20260101»',
  'https://bucket.s3.amazonaws.com/a.csv?x-amz-security-token=«FwoGZX»',
  'https://storage.googleapis.com/bucket/a.csv?X-Goog-Signature=«00ff»&X-Goog-Expires=60',
  'https://account.blob.example.com/a.csv?sv=2024&sig=«abc%2Fdef%3D»',
  'https://cdn.example.com/a.csv?Expires=1&Signature=«abc~»&x=1',
  'https://files.example.com/a.csv?token=«opensesame»#top',
  'https://«ada:opensesame»@files.example.com/a.csv',
  'https://hooks.slack.com/«services/T000/B000/XXXX»',
  'https://example.webhook.office.com/«webhookb2/0000@0000/IncomingWebhook/1111/2222»',
  'https://outlook.office.com/webhook/«0000@0000/IncomingWebhook/1111/2222»',
  'https://prod-1.westeurope.logic.azure.com:443/workflows/0/triggers/manual/paths/invoke?sv=1.0&sig=«abc-_»',
  'https://discord.com/api/webhooks/«1234/abc-def»',
  'https://canary.discordapp.com/api/v10/webhooks/«1234/abc-def?wait=true»',
  'https://chat.googleapis.com/«v1/spaces/AAAA/messages?key=abc&token=def»',
  'https://hooks.zapier.com/«hooks/catch/1/abc/»',
  'https://notify.example.com/in?channel=1&client_secret=«opensesame»',
] as const;

describe('secrets in what is shown', () => {
  for (const marked of withSecret) {
    const text = marked.replace(/[«»]/g, '');
    const wanted = (mask: string): string => marked.replace(/«.*»/, mask);

    it(`B8: one list masks ${wanted('…')} in messages and in full responses`, () => {
      assert.equal(maskSecretText(text, '…'), wanted('…'));
      assert.equal(redact(text, ''), wanted('•••'));
      assert.equal(tidy(text, ''), wanted('•••'));
      assert.deepEqual(maskSecrets({ anything: [{ text }] }), { anything: [{ text: wanted('••••••') }] });
    });
  }

  it('B8: the address of a webhook is a secret whatever its host', () => {
    const masked = maskSecrets({ slack_incoming_webhook: 'https://chat.example.com/abc' });
    assert.deepEqual(masked, { slack_incoming_webhook: '••••••' });
  });

  it('B8: other values stay: project tokens, patterns, and URLs without a signature', () => {
    for (const text of [
      'phc_publicToken0123',
      'https://bucket.s3.amazonaws.com/orders/*.parquet?versionId=3',
      'https://bucket.s3.amazonaws.com/webhooks/2026/*.csv',
      'https://discord.com/channels/1/2',
      'signature=none, sig=none and token: none',
      'ada@example.com wrote https://example.com/@ada',
    ]) {
      assert.equal(maskSecretText(text, '…'), text);
    }
    const project = { api_token: 'phc_publicToken0123', uuid: '0190', is_demo: false };
    assert.deepEqual(maskSecrets(project), project);
  });
});
