import assert from 'node:assert/strict';
import { isPostHogError, PostHogError } from '../../../src/posthog/errors';
import { retryHelps } from '../../../src/operations/actions';
import { explainUpload, refusedField } from '../../../src/posthog/tableRefusals';

const refusal = (detail: string, attr?: string, kind: PostHogError['kind'] = 'validation') =>
  new PostHogError({ kind, what: 'Refused.', why: detail, remedy: '', detail, attr, status: 400 });

describe('the subject of a table refusal (API facts 2.2)', () => {
  for (const [detail, field] of [
    ['Credentials are required', 'access_key'],
    ['Access key and secret are required', 'access_key'],
    ["Access key and secret can't be blank", 'access_key'],
    ['A table with this name already exists.', 'name'],
    ['A table or view with this name already exists. Choose a different name.', 'name'],
    ['URL pattern must use https.', 'url_pattern'],
    ['URL pattern hostname must not resolve to internal IP ranges.', 'url_pattern'],
    ['The bucket name in a URL pattern must be exact. Wildcards belong in the file path.', 'url_pattern'],
    ['Cant use this bucket', 'url_pattern'],
    ["This URL points to PostHog's internal storage and can't be used as a source.", 'url_pattern'],
    ['The Access Key you provided does not exist', 'access_key'],
    ['Access was denied when reading the provided file', 'access_key'],
    ['Access was denied to the provided bucket', 'access_key'],
    ['The provided file contains no data', 'url_pattern'],
    ["The provided file or bucket doesn't exist", 'url_pattern'],
    ['The provided file is not in Parquet format', 'format'],
    ['The provided file has rows with different amount of values', 'format'],
    ['Invalid format. Must be one of: CSV, CSVWithNames', 'format'],
    ['Could not read the files from your storage bucket.', 'url_pattern'],
    [
      'Table names must start with a letter or underscore and contain only alphanumeric characters or underscores.',
      'name',
    ],
    ['Something new', undefined],
  ] as const) {
    it(`"${detail}" is about ${field ?? 'none of the fields'}`, () => {
      assert.equal(refusedField(refusal(detail)), field);
    });
  }

  it("the envelope's attr takes precedence", () => {
    assert.equal(refusedField(refusal('Access was denied to the bucket', 'url_pattern')), 'url_pattern');
    assert.equal(
      refusedField(refusal('This field may not be blank.', 'credential__access_secret')),
      'access_secret',
    );
    assert.equal(refusedField(refusal('This field may not be null.', 'credential')), 'access_key');
  });

  it("other failures aren't about a field", () => {
    assert.equal(refusedField(refusal('Access was denied', undefined, 'forbidden')), undefined);
    assert.equal(refusedField(refusal('bucket', undefined, 'server')), undefined);
  });
});

describe('messages of upload refusals (API facts 2.7)', () => {
  it('B5: explain a feature that is off and a server without storage', () => {
    const off = explainUpload(refusal('Warehouse API is not enabled for this organization'));
    assert.match(off.message, /feature flag "warehouse-api"/);
    assert.ok(isPostHogError(off));
    assert.equal(off.status, 400);
    assert.match(
      explainUpload(refusal('Object storage must be available to upload files.')).message,
      /no object storage/,
    );
    for (const only of [off, explainUpload(refusal('Object storage must be available to upload files.'))]) {
      assert.equal(retryHelps(only), false);
    }
    assert.equal(retryHelps(explainUpload(refusal('Failed to upload file'))), true);
    const other = refusal('No file provided');
    assert.equal(explainUpload(other), other);
  });
});
