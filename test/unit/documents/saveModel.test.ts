import { playModel } from './model/play';

/** `POSTHOG_MODEL_SEED=7 npm run test:unit` repeats the steps of that seed. */
const seed = Number(process.env.POSTHOG_MODEL_SEED ?? Math.floor(Math.random() * 1_000_000) * 3);

describe('two editors, someone who undoes, and a script, with lost responses, failures, late deliveries, reviews and typing during saves', () => {
  it(`lose no update, never report an unsaved change as saved, and write nothing twice (seed ${seed})`, async function () {
    this.timeout(120_000);
    const { inWindow, noticed, ...rest } = await playModel(seed, 5_000);
    process.stdout.write(
      `      seed ${seed}: ${JSON.stringify(rest)}; replaced unseen between GET and PATCH: ${inWindow}, noticed: ${noticed}\n`,
    );
  });
});
