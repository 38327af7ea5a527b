import assert from 'node:assert/strict';
import { DocumentSlots, type SaveTurn } from '../../../src/documents/documentSlots';

const key = 'posthog://example/settings';

interface Later<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function later<T = undefined>(): Later<T> {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}

/** Slots of documents whose state is a text, with control over what happens when. */
class Bench {
  readonly slots = new DocumentSlots<string>();
  readonly events: string[] = [];

  /** Starts a save; calling the result's function ends it. */
  save(name: string, during?: (turn: SaveTurn) => void): { over: Promise<void>; end(error?: Error): void } {
    const result = later();
    const over = this.slots.save(key, async (turn) => {
      this.events.push(`${name} begins`);
      await result.promise.finally(() => during?.(turn));
    });
    return {
      over,
      end: (error) => (error ? result.reject(error) : result.resolve(undefined)),
    };
  }

  /** Refuses a save; calling the result's function lets the time until it's shown pass. */
  refuse(name: string): { during(turn: SaveTurn): void; show(): Promise<void> } {
    const moment = later();
    let shown: Promise<void> | undefined;
    return {
      during: (turn) =>
        turn.refuse((again) => {
          const said = moment.promise.then(() => {
            this.events.push(`${name} ${again.aborted ? 'withdrawn' : 'shown'}`);
          });
          shown = said;
          return said;
        }),
      show: async () => {
        moment.resolve(undefined);
        await shown;
      },
    };
  }

  open(text: string): Promise<string> {
    return this.slots.load(key, async () => {
      this.slots.put(key, text);
      return text;
    });
  }
}

const refused = new Error('Refused.');

describe('10.6: a document is one object with named states', () => {
  it('10.6: a document is loaded once for all callers, and again after a failure', async () => {
    const { slots } = new Bench();
    const loading = later<string>();
    const first = slots.load(key, () => loading.promise);
    const second = slots.load(key, () => assert.fail("It's being loaded."));
    assert.equal(slots.peek(key), undefined);
    loading.reject(refused);
    await assert.rejects(first, refused);
    await assert.rejects(second, refused);
    assert.equal(await slots.load(key, () => Promise.resolve('again')), 'again');
  });

  it('10.6: an open document stays loaded until its editor is closed', async () => {
    const bench = new Bench();
    await bench.open('one');
    assert.equal(bench.slots.peek(key), 'one');
    assert.deepEqual(bench.slots.open(), ['one']);
    bench.slots.close(key);
    assert.equal(bench.slots.peek(key), undefined);
    assert.deepEqual(bench.slots.open(), []);
    assert.equal(await bench.open('two'), 'two');
  });

  for (const outcome of [undefined, refused]) {
    it(`10.6: saves take turns, even if the editor is closed and reopened in between (the first ${outcome ? 'fails' : 'succeeds'})`, async () => {
      const bench = new Bench();
      await bench.open('one');
      const first = bench.save('first');
      await Promise.resolve();
      bench.slots.close(key);
      await bench.open('two');
      const second = bench.save('second');
      await new Promise(setImmediate);
      assert.deepEqual(bench.events, ['first begins']);
      first.end(outcome);
      await (outcome ? assert.rejects(first.over, outcome) : first.over);
      await new Promise(setImmediate);
      assert.deepEqual(bench.events, ['first begins', 'second begins']);
      second.end();
      await second.over;
    });
  }

  for (const isLoaded of [true, false]) {
    it(`10.6: the reasons for a refused save are shown, unless the document is being saved again (${isLoaded ? 'loaded' : 'not loaded'})`, async () => {
      const bench = new Bench();
      if (isLoaded) {
        await bench.open('one');
      }
      const why = ['first', 'second'].map((name) => bench.refuse(name));
      for (const [index, one] of why.entries()) {
        const save = bench.save(`save ${index}`, one.during);
        save.end(refused);
        await assert.rejects(save.over, refused);
      }
      for (const one of why) {
        await one.show();
      }
      assert.deepEqual(bench.events, ['save 0 begins', 'save 1 begins', 'first withdrawn', 'second shown']);
    });
  }

  it('10.6: nor are they if another save is waiting for its turn', async () => {
    const bench = new Bench();
    const why = bench.refuse('first');
    const first = bench.save('first', why.during);
    const second = bench.save('second');
    first.end(refused);
    await assert.rejects(first.over, refused);
    await why.show();
    second.end();
    await second.over;
    assert.deepEqual(bench.events, ['first begins', 'second begins', 'first withdrawn']);
  });
});
