import assert from 'node:assert/strict';
import { SaveReviews } from '../../../../src/documents/saving/saveReviews';
import type { ReviewSubject } from '../../../../src/operations/review/review';

const subject = (environment: string): ReviewSubject => ({
  place: {
    document: environment,
    environment,
    environmentId: 1,
    isProtected: true,
    host: 'https://posthog.example.com',
    connection: 'Work',
  },
  reason: 'The environment is protected.',
  consent: 'protected',
  items: [],
  doubts: [],
  rehearsed: [],
  requests: [],
});
const never = (): AbortSignal => new AbortController().signal;
const answer = 'send';

describe('11.3: one review for Save All', () => {
  const bench = (unsaved: number, waitMs?: number): { reviews: SaveReviews; asked: string[][] } => {
    const asked: string[][] = [];
    const ask = async (subjects: readonly ReviewSubject[]): Promise<typeof answer> => {
      asked.push(subjects.map(({ place }) => place.document));
      return answer;
    };
    return { reviews: new SaveReviews(ask, () => unsaved, waitMs), asked };
  };

  it('11.3: waits for a document about to be saved together with one in the background', async () => {
    const { reviews, asked } = bench(2);
    const first = reviews.begin(false).review(subject('Production'), never());
    const second = reviews.begin(false).review(subject('Staging'), never());
    assert.deepEqual(await Promise.all([first, second]), [answer, answer]);
    assert.deepEqual(asked, [['Production', 'Staging']]);
  });

  it('11.3: asks immediately for the active document, whatever else has unsaved changes', async () => {
    const { reviews, asked } = bench(2, 60_000);
    await reviews.begin(true).review(subject('Production'), never());
    assert.deepEqual(asked, [['Production']]);
  });

  it('11.3: stops waiting for a save that never comes', async () => {
    const { reviews, asked } = bench(2, 1);
    await reviews.begin(false).review(subject('Production'), never());
    assert.deepEqual(asked, [['Production']]);
  });

  it("11.3: doesn't ask about a save that was canceled meanwhile", async () => {
    const { reviews, asked } = bench(1);
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(reviews.begin(true).review(subject('Production'), controller.signal), {
      name: 'Canceled',
    });
    assert.deepEqual(asked, []);
  });
});
