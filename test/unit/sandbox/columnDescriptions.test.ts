import assert from 'node:assert/strict';
import { DEVELOPMENT, assertError, objectOf, resultsOf, sandboxFor, tableId, textOf } from './support';

const PATH = `/api/projects/${DEVELOPMENT}/warehouse_column_annotations/`;

describe('sandbox: column descriptions (API facts 9.2)', () => {
  const harness = sandboxFor();
  const { call } = harness;
  const table = (name: string): string => tableId(harness.sandbox, name);

  it('2: are written by a user, one per column, and listed by table', async () => {
    const orders = table('orders');
    const body = { table: orders, column_name: 'total', description: ' What was paid, in euros ' };
    const made = await call('POST', PATH, { body });
    assert.equal(made.status, 201, made.text);
    const { id, ...rest } = objectOf(made);
    assert.deepEqual(
      [
        rest.table,
        rest.column_name,
        rest.description,
        rest.description_source,
        rest.is_user_edited,
        rest.ai_model,
      ],
      [orders, 'total', 'What was paid, in euros', 'user_edited', true, null],
    );
    const again = await call('POST', PATH, { body: { ...body, description: 'Paid' } });
    assert.deepEqual([again.status, objectOf(again).id, objectOf(again).description], [201, id, 'Paid']);
    const whole = { table: table('products'), description: 'What is sold' };
    assert.equal(objectOf(await call('POST', PATH, { body: whole })).column_name, '');
    assert.deepEqual(
      resultsOf(await call('GET', PATH)).map((item) => item.description),
      ['What is sold', 'Paid'],
    );
    assert.deepEqual(
      resultsOf(await call('GET', `${PATH}?table_id=${orders}`)).map((item) => item.id),
      [id],
    );

    const one = `${PATH}${textOf(id)}/`;
    const changed = await call('PATCH', one, { body: { description: 'Gross', column_name: 'id' } });
    assert.deepEqual([objectOf(changed).description, objectOf(changed).column_name], ['Gross', 'total']);
    assert.equal((await call('DELETE', one)).status, 204);
    assertError(await call('GET', one), 404, 'not_found', 'Not found.');
  });

  it('2: need the table scopes, a table of the environment and one of its columns', async () => {
    const body = { table: table('orders'), column_name: 'nothing', description: 'x' };
    const refused = await call('POST', PATH, { body });
    assert.deepEqual([refused.status, objectOf(refused).attr], [400, 'column_name']);
    assert.match(textOf(objectOf(refused).detail), /^Column 'nothing' does not exist\. Valid columns: /);
    const elsewhere = { ...body, table: '018f2c1e-0000-4000-8000-000000000000' };
    assert.equal(objectOf(await call('POST', PATH, { body: elsewhere })).code, 'does_not_exist');
    for (const [name, value, code] of [
      ['table', undefined, 'required'],
      ['description', null, 'null'],
      ['description', ' ', 'blank'],
    ] as const) {
      const answer = objectOf(
        await call('POST', PATH, { body: { ...body, column_name: '', [name]: value } }),
      );
      assert.deepEqual([answer.attr, answer.code], [name, code]);
    }
    assert.equal((await call('POST', PATH, { key: 'read', body })).status, 403);
    assert.equal((await call('GET', PATH, { key: 'read' })).status, 200);
    assert.equal((await call('GET', PATH, { key: 'none' })).status, 403);
  });

  it("2: don't exist on a documented server", async () => {
    harness.sandbox.control.setGeneration('documented');
    assert.equal((await call('GET', PATH)).status, 404);
    harness.sandbox.control.setGeneration('current');
  });
});
