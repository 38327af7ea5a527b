import assert from 'node:assert/strict';
import { answeringFirst } from '../../../../src/documents/saving/answerFirst';
import { applied } from '../../../../src/operations/outcome';

describe('a save of a document', () => {
  it("records a write before it's sent, and its outcome once VS Code has it", async () => {
    const order: string[] = [];
    const services = answeringFirst({
      connections: { client: async () => 'client' },
      changes: { fire: ({ kind }) => void order.push(`announced ${kind}`) },
      receipts: { add: ({ done }) => void order.push(done) },
      history: async () => ({
        begin: async ({ kind }) => {
          order.push(`recorded ${kind}`);
          return {
            id: '1',
            end: ({ kind: outcome }) => void order.push(`recorded ${outcome}`),
            forget: () => void order.push('forgotten'),
          };
        },
      }),
    });
    const environment = { id: 1203, projectId: 1203 };
    const save = async (): Promise<void> => {
      const history = await services.history?.();
      const underWay = await history?.begin({ connectionId: 'one', environment, kind: 'save', changes: [] });
      order.push('sent');
      underWay?.end(applied('', undefined));
      services.receipts.add({ done: 'Saved to', connectionId: 'one', environmentId: 1203 });
      services.changes.fire({ kind: 'tables', connectionId: 'one', environment });
    };
    await save();
    order.push('answered');
    // VS Code's answer needs at least a turn of the event loop to arrive anywhere.
    await new Promise((resolve) => setTimeout(resolve, 0));
    order.push('later');
    assert.deepEqual(order, [
      'recorded save',
      'sent',
      'announced tables',
      'answered',
      'recorded applied',
      'Saved to',
      'later',
    ]);
  });
});
