import assert from 'node:assert/strict';
import fc from 'fast-check';
import { terraformOf } from '../../../src/operations/terraform';
import { settingsFields } from '../../../src/settings/catalogue';
import type { JsonObject } from '../../../src/json/json';

const at = { connectionId: 'c', environment: { id: 1202, projectId: 1201 }, name: 'Staging' };
const hcl = (settings: JsonObject, name = 'Staging'): string =>
  terraformOf(
    { ...at, name },
    settings,
    Object.keys(settings).map((key) => [key]),
  );

describe('Copy as Terraform', () => {
  it("12.9: supports the provider's 13 settings, two of which belong to the project", () => {
    const forms = settingsFields.map(({ terraform }) => terraform).filter((form) => form !== undefined);
    assert.equal(forms.filter((form) => form !== 'posthog_project').length, 13);
    assert.equal(forms.length, 15);
  });

  it('12.9: writes what the provider supports, and the rest as comments with the reason', () => {
    assert.equal(
      hcl({
        timezone: 'UTC',
        anonymize_ips: true,
        app_urls: ['https://*.example.com'],
        recording_domains: ['https://a.example.com', 'https://b.example.com'],
        test_account_filters: [
          { key: 'email', value: '@example.com', operator: 'icontains', type: 'person' },
        ],
        cookieless_server_hash_mode: null,
        session_recording_network_payload_capture_config: { recordHeaders: true, recordBody: false },
        session_recording_sample_rate: '0.50',
        slack_incoming_webhook: 'https://hooks.slack.com/services/T0/B0/none',
      }),
      `# Settings of "Staging" in PostHog.
resource "posthog_project_settings" "staging" {
  project_id = "1202"

  anonymize_ips = true
  recording_domains = ["https://a.example.com", "https://b.example.com"]
  test_account_filters = jsonencode([
    {
      "key" = "email"
      "value" = "@example.com"
      "operator" = "icontains"
      "type" = "person"
    },
  ])
  session_recording_network_payload_capture_config = {
    record_headers = true
    record_body = false
  }

  # Not managed by this resource:
  # timezone = "UTC" (it belongs to posthog_project)
  # app_urls = ["https://*.example.com"] (the provider doesn't support wildcards)
  # cookieless_server_hash_mode = null (the provider can't set null)
  # session_recording_sample_rate = "0.50" (the provider doesn't support it)
  # slack_incoming_webhook = "••••••" (it contains a secret)
}
`,
    );
  });

  it('12.9: keeps the order of lists, and leaves out names that the server adds', () => {
    const cohort = { key: 'id', type: 'cohort', value: 3, operator: 'in', cohort_name: 'Staff' };
    const text = hcl({ recording_domains: ['b', 'a'], test_account_filters: [cohort] });
    assert.match(text, /\["b", "a"\]/);
    assert.doesNotMatch(text, /Staff/);
  });

  it('12.9: escapes quotes, line breaks and templates', () => {
    assert.match(hcl({ recording_domains: ['a"\n${b}%{c}\\'] }), /\["a\\"\\n\$\$\{b\}%%\{c\}\\\\"\]/);
    assert.match(
      hcl({}, '1 "x"\n}'),
      /^# Settings of "1 \\"x\\"\\n}" in PostHog\.\nresource "[^"]+" "environment_1_x" \{\n/,
    );
  });

  it('12.9: no value can end its string or start a template', () => {
    const strings = /"(?:[^"\\\n]|\\(?:["\\nrt]|u[0-9a-f]{4}))*"/g;
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '${', '%{', '"', '\\', '$${'),
        (one, two) => {
          const line = hcl({ recording_domains: [one + two + one] })
            .split('\n')
            .find((text) => text.includes('recording_domains'));
          const [literal = '', ...more] = (line ?? '').match(strings) ?? [];
          assert.deepEqual(more, []);
          assert.equal(line, `  recording_domains = [${literal}]`);
          assert.doesNotMatch(literal.replaceAll(/\$\$\{|%%\{/g, ''), /[$%]\{/);
        },
      ),
    );
  });
});
