import { runMain } from '../harness/main';
import { compareFigures } from './compareFigures';
import { documentFigures } from './documentFigures';
import type { Figure } from './figure';
import { hostFigures } from './hostFigures';
import { packageFigures } from './packageFigures';
import { rehearsalFigures } from './rehearsalFigures';
import { sandboxFigures } from './sandboxFigures';
import { settingsFileFigures } from './settingsFileFigures';
import { playModel } from '../unit/documents/model/play';

/** Whether a figure is a time, or a ratio of times, which a busy machine increases. */
const isTime = ({ unit }: Figure): boolean => unit === 'ms' || unit === 'times';

/** What can be measured separately, in the order of the printed document. */
const measures: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  package: packageFigures,
  documents: documentFigures,
  rehearsal: rehearsalFigures,
  sandbox: sandboxFigures,
  settingsFile: settingsFileFigures,
  compare: compareFigures,
  ...hostFigures,
};

/** @param only names of measures; all of them if absent */
async function chosenFigures(only: readonly string[] = Object.keys(measures)): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of only) {
    const measure = measures[name];
    if (!measure) {
      throw new Error(`Nothing is called "${name}". Known: ${Object.keys(measures).join(', ')}.`);
    }
    figures.push(...(await measure()));
  }
  return figures;
}

/**
 * npm run --silent bench [-- --check] [--only=NAME,…]: prints a JSON document with each figure next to its budget. With
 * --check, a size, count or growth above its budget makes the exit code 1; times are only reported on standard error,
 * because a busy machine says nothing about the code. Measures the production build, which `npm run bench` creates
 * first.
 */
runMain(async () => {
  const given = (name: string): string | undefined =>
    process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  // npm run bench -- --model [--seed=N] [--steps=N]: runs the model of two editors, an undoer and a script instead.
  if (process.argv.includes('--model')) {
    const seed = Number(given('seed') ?? Math.floor(Math.random() * 1_000_000));
    const startedMs = performance.now();
    const tally = await playModel(seed, Number(given('steps') ?? 100_000));
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    process.stdout.write(`${JSON.stringify({ seed, seconds, ...tally }, null, 2)}\n`);
    return 0;
  }
  const figures = await chosenFigures(given('only')?.split(','));
  const over = figures.filter(({ withinBudget }) => !withinBudget);
  process.stdout.write(`${JSON.stringify({ withinBudget: over.length === 0, figures }, null, 2)}\n`);
  for (const one of over) {
    const { name, value, unit, budget } = one;
    const kind = isTime(one)
      ? 'Warning: a time is above its budget, which does not fail the check'
      : 'Above its budget';
    process.stderr.write(`${kind}: ${name}: ${value} ${unit}, at most ${budget}\n`);
  }
  if (over.some(isTime)) {
    const count = over.filter(isTime).length;
    process.stderr.write(
      `Warning: ${count} of ${figures.filter(isTime).length} times are above their budgets.\n`,
    );
  }
  return process.argv.includes('--check') && over.some((one) => !isTime(one)) ? 1 : 0;
});
