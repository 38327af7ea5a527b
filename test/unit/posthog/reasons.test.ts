import assert from 'node:assert/strict';
import { Canceled, PostHogError, type PostHogErrorKind } from '../../../src/posthog/errors';
import {
  creationReason,
  deletionReason,
  hasForgottenUpload,
  keysNamedIn,
} from '../../../src/posthog/reasons';

const refusal = (kind: PostHogErrorKind, detail?: string): PostHogError =>
  new PostHogError({ kind, what: 'PostHog refused.', why: '', remedy: '', detail });

describe('10.5: reasons that PostHog gives only in its messages', () => {
  it('10.5: for a refused creation (API facts 4.6)', () => {
    const of = (detail: string) => creationReason(refusal('forbidden', detail));
    assert.deepEqual(of('You have reached the maximum limit of allowed projects for your plan.'), {
      code: 'plan-limit',
      of: 'projects',
    });
    assert.deepEqual(
      of('Only organization admins can set these settings on project creation: timezone, app_urls'),
      { code: 'organization-admins-only', keys: ['timezone', 'app_urls'] },
    );
    assert.deepEqual(of('Your organization access level is insufficient. Organization admin or above.'), {
      code: 'role-too-low',
    });
    assert.equal(of('Something else.'), undefined);
    assert.equal(creationReason(refusal('validation', 'maximum limit of allowed projects')), undefined);
    assert.equal(creationReason(new Canceled()), undefined);
  });

  it('10.5: for a refused deletion (API facts 4.7)', () => {
    const of = (detail?: string) => deletionReason(refusal('validation', detail));
    assert.equal(of('This project is already being deleted.'), 'under-way');
    assert.equal(of('The last project of an organization with an active subscription.'), 'subscription');
    assert.equal(of('Deletion is temporarily disabled.'), 'disabled-for-now');
    assert.equal(of('Delete the managed warehouse first.'), 'managed-warehouse');
    assert.equal(of('No.'), undefined);
    assert.equal(of(), undefined);
    assert.equal(deletionReason(refusal('forbidden', 'subscription')), undefined);
  });

  it('10.5: for an upload whose file is gone, and for refused values', () => {
    assert.ok(hasForgottenUpload(refusal('validation', 'Uploaded file not found.')));
    assert.ok(!hasForgottenUpload(refusal('validation')));
    assert.deepEqual(
      keysNamedIn(refusal('validation', 'name and app_urls are wrong'), ['name', 'app_urls', 'is_demo']),
      ['app_urls'],
    );
  });
});
