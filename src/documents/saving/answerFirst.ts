import type { OperationServices } from '../../operations/services';

/**
 * Runs something once the answer to VS Code is on its way, but before anything else happens: a user who waits for a save
 * doesn't wait for what only follows from it.
 */
export const answerFirst = (work: () => void): void => void setImmediate(work);

/**
 * Services for a save: what happened is recorded and shown once VS Code knows. What is about to be sent is recorded
 * before, and what changed is announced before: afterwards, the saved document would take it for news.
 */
export function answeringFirst<Client>(services: OperationServices<Client>): OperationServices<Client> {
  const { connections, changes, receipts, history } = services;
  return {
    connections,
    changes,
    receipts: { add: (receipt) => answerFirst(() => receipts.add(receipt)) },
    ...(history && {
      history: async () => {
        const recorder = await history();
        return {
          begin: async (write) => {
            const underWay = await recorder.begin(write);
            return {
              id: underWay.id,
              end: (...outcome) => answerFirst(() => underWay.end(...outcome)),
              forget: () => underWay.forget(),
            };
          },
        };
      },
    }),
  };
}
