import assert from 'node:assert/strict';
import { columnNameInQuery } from '../../../src/posthog/hogql';
import { webPageUrl } from '../../../src/posthog/webPages';

describe('addresses of the web interface', () => {
  const origin = 'https://posthog.example.com';

  it('stay on the origin of the connection and identify the environment', () => {
    assert.equal(webPageUrl(origin, 'home', { id: 5 }), 'https://posthog.example.com/project/5');
    assert.equal(
      webPageUrl(origin, 'tables', { id: 5 }),
      'https://posthog.example.com/project/5/data-warehouse',
    );
  });

  it('lead to the settings of the project, or of the environment where those exist', () => {
    assert.equal(webPageUrl(origin, 'settings', { id: 5 }), `${origin}/project/5/settings/project`);
    assert.equal(
      webPageUrl(origin, 'settings', { id: 5 }, 'documented'),
      `${origin}/project/5/settings/environment`,
    );
  });

  it('10.4: lead to a section of the settings, and to a setting in it', () => {
    const section = 'environment-replay';
    assert.equal(
      webPageUrl(origin, { section }, { id: 5 }),
      `${origin}/project/5/settings/environment-replay`,
    );
    assert.equal(
      webPageUrl(origin, { section, setting: 'replay-masking' }, { id: 5 }, 'documented'),
      `${origin}/project/5/settings/environment-replay#replay-masking`,
    );
  });
});

describe('column names in queries', () => {
  it('are quoted only if necessary', () => {
    assert.equal(columnNameInQuery('order_id'), 'order_id');
    assert.equal(columnNameInQuery('order id'), '`order id`');
    assert.equal(columnNameInQuery('a`b'), '`a\\`b`');
    assert.equal(columnNameInQuery('select'), '`select`');
  });
});
