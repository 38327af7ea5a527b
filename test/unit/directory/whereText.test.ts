import assert from 'node:assert/strict';
import type { Listed } from '../../../src/directory/entries';
import { aroundText, distinctName, distinctPlace, whereText } from '../../../src/directory/organizationName';
import { environmentsOf } from '../../../src/directory/lookup';
import { CONNECTION, DirectoryBench } from './support';

const shop = { id: 1202, projectId: 1202 };
const at = { connectionId: CONNECTION, environment: shop };

describe('Where something is, in words', () => {
  let bench: DirectoryBench;
  afterEach(() => bench.stop());

  const labels = { list: () => ['Work', 'Home'], get: () => ({ label: 'Work' }) };
  const unseen = { known: (): readonly Listed[] => [], organizationSeen: () => undefined };
  const onlyOne = { ...labels, list: () => ['Work'] };

  it('11.4: has the organization and the connection, even if there is only one; a receipt only where there are several', async () => {
    bench = await DirectoryBench.start();
    const { directory } = bench;
    await environmentsOf(directory, CONNECTION);
    for (const connections of [labels, onlyOne]) {
      assert.equal(
        whereText({ directory, connections }, at, 'Staging'),
        'Staging · Hedgehog Outfitters · Work',
      );
    }
    assert.equal(
      distinctPlace({ directory, connections: labels }, at, 'Staging'),
      'Staging · Hedgehog Outfitters · Work',
    );
    assert.equal(
      distinctPlace({ directory, connections: onlyOne }, at, 'Staging'),
      'Staging · Hedgehog Outfitters',
    );
    const unlisted = { directory: unseen, connections: onlyOne };
    assert.equal(whereText(unlisted, at, 'Staging'), 'Staging · Work');
    assert.equal(distinctPlace(unlisted, at, 'Staging'), 'Staging');
  });

  it('11.4: says so if the connection was removed', async () => {
    bench = await DirectoryBench.start();
    const { directory } = bench;
    await environmentsOf(directory, CONNECTION);
    assert.equal(
      whereText({ directory, connections: { get: () => undefined } }, at, 'Staging'),
      'Staging · Hedgehog Outfitters · removed connection',
    );
  });

  it('11.4: uses the organization stored in a tab until the directory lists it', () => {
    const kept = { ...at, organization: 'Hedgehog Outfitters' };
    const places = { directory: unseen, connections: onlyOne };
    assert.equal(whereText(places, kept, 'Staging'), 'Staging · Hedgehog Outfitters · Work');
    assert.equal(aroundText(places, kept), 'Hedgehog Outfitters · Work');
    assert.equal(aroundText(places, at), 'Work');
    const seen = { ...places, directory: { ...unseen, organizationSeen: () => 'Hedgehog Outfitters' } };
    assert.equal(aroundText(seen, at), 'Hedgehog Outfitters · Work');
  });

  it('11.4: has the ID where two environments of an organization have one name, and not for two organizations', async () => {
    bench = await DirectoryBench.start({ generation: 'documented' });
    const { control, directory } = bench;
    control.patchEnvironment(1203, { name: 'Staging' });
    control.patchEnvironment(2100, { name: 'Development' });
    await environmentsOf(directory, CONNECTION);
    const named = (id: number, name: string): string =>
      distinctName(directory, { connectionId: CONNECTION, environment: { id, projectId: 1201 } }, name);
    assert.equal(named(1202, 'Staging'), 'Staging (1202)');
    assert.equal(named(1203, 'Staging'), 'Staging (1203)');
    assert.equal(named(1203, 'Staging (1203)'), 'Staging (1203)');
    assert.equal(named(1201, 'Development'), 'Development');
    assert.equal(named(2100, 'Development'), 'Development');
    assert.equal(named(4711, 'Staging'), 'Staging (4711)', 'when in doubt');
  });
});
