import { sideText } from '../changeText';
import { sentences } from '../phrases/sentences';
import { recorded, type HistoryEntry } from './entry';
import { HistoryItem } from './item';
import type { Meanwhile } from './window';
import type { Found } from './windowWatch';

/** How many values are shown. The diff shows the rest. */
const shown = 3;

/** What someone else did during a write, as sentences with both values. */
export function foundText({ entry, changes }: Found): string {
  const more = changes.length - shown;
  return sentences(
    `While ${entry.table?.name ?? entry.environment.name} was being saved:`,
    ...changes.slice(0, shown).map(changeSentence),
    more > 0 ? `And ${more} more.` : '',
  );
}

function changeSentence({ path, from, to, isReplaced, who = 'someone else' }: Meanwhile): string {
  const name = path.map(String).join('.');
  const [was, is] = [sideText(path, from), sideText(path, to)];
  return isReplaced
    ? `${who} set ${name} to ${was}, and your save replaced it with ${is}.`
    : `${who} changed ${name} from ${was} to ${is}. Your save didn't affect that.`;
}

/** Whether someone else's value was replaced. */
export const hasReplaced = ({ changes }: Pick<Found, 'changes'>): boolean =>
  changes.some(({ isReplaced }) => isReplaced);

/** What was found, as a history item. For values that were replaced, theirs is the old value. */
export function itemOfFound(found: Found): HistoryItem {
  const { entry, changes } = found;
  const isTheirs = hasReplaced(found);
  const shown = changes.filter(({ isReplaced }) => isReplaced === isTheirs);
  const window: HistoryEntry = {
    ...entry,
    id: `window:${entry.id}`,
    kind: 'save',
    changes: shown.map(recorded),
    what: '',
  };
  return new HistoryItem(window, { who: shown[0]?.who ?? 'someone else' }, isTheirs);
}
