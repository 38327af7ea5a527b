import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import type { HistoryEntry } from '../../operations/history/entry';
import { titleOf, type HistoryItem } from '../../operations/history/item';
import { whyNotUndoable } from '../../operations/history/undo';
import { changeText } from '../../operations/changeText';
import { commandOf } from '../../ui/commandIds';
import { tooltipOf } from '../../ui/markdown';
import { clockTime } from '../../ui/days';
import { shortTime } from '../../ui/times';
import { organizationNameOf } from '../../directory/organizationName';
import type { HistoryServices } from './historyServices';
import { outcomeUnknown } from '../../posthog/outcomePhrases';

/** The icon and the text of each outcome. */
const looks = {
  applied: { icon: 'check', text: 'applied' },
  partly: { icon: 'warning', text: 'partly applied' },
  notApplied: { icon: 'circle-slash', text: 'not applied' },
  unknown: { icon: 'question', text: outcomeUnknown },
  open: { icon: 'sync', text: 'no response yet' },
} as const;

const lookOf = ({ outcome }: HistoryEntry): (typeof looks)[keyof typeof looks] => looks[outcome ?? 'open'];

/**
 * The row of a change.
 *
 * @param isInPlace whether the view shows a single environment, which needn't be named again
 */
export function itemOf(item: HistoryItem, isInPlace: boolean): vscode.TreeItem {
  const { entry, elsewhere } = item;
  const title = asText(titleOf(entry));
  const { icon, text } = lookOf(entry);
  const description = asText(
    [
      isInPlace ? '' : entry.environment.name,
      elsewhere?.who ?? '',
      proposerOf(entry),
      entry.outcome === 'applied' ? '' : text,
      clockTime(entry.startedAt),
    ]
      .filter((part) => part !== '')
      .join(' · '),
  );
  const row = new vscode.TreeItem(title);
  row.id = `${entry.connectionId}/${entry.id}`;
  row.description = description;
  row.iconPath = new vscode.ThemeIcon(elsewhere ? 'person' : icon);
  row.contextValue = whyNotUndoable(entry) === undefined ? 'change undoable' : 'change';
  row.command = commandOf('showChange', 'Show Change', item);
  row.accessibilityInformation = {
    label: asText(
      [
        title,
        entry.environment.name,
        elsewhere ? `by ${elsewhere.who}` : text,
        ...(entry.proposed ? [proposerOf(entry)] : []),
        shortTime(entry.startedAt),
      ].join(', '),
    ),
  };
  return row;
}

/** Who proposed a change that was applied here; empty if no one did. */
function proposerOf({ proposed }: HistoryEntry): string {
  // A name and an e-mail address don't both fit into a row.
  const [name = ''] = (proposed?.by ?? '').split(' <');
  return proposed ? `proposed${name === '' ? '' : ` by ${name}`}` : '';
}

const shownChanges = 12;

/** Everything about a change that doesn't fit into the row. */
export function tooltipFor(
  { entry, elsewhere }: HistoryItem,
  services: Pick<HistoryServices, 'connections' | 'directory'>,
): vscode.MarkdownString {
  const { environment, table, changes, what, kind, proposed } = entry;
  const more = changes.length - shownChanges;
  const why = whyNotUndoable(entry);
  return tooltipOf(titleOf(entry), [
    ['Environment', `${environment.name} (${environment.id})`],
    ['Table', table?.name],
    ['Connection', services.connections.get(entry.connectionId)?.label],
    ['Organization', organizationNameOf(services.directory, entry)],
    ['When', shortTime(entry.startedAt)],
    ['Proposed by', proposed && (proposed.by ?? 'someone')],
    ['Why', proposed?.why],
    [proposed ? 'Applied by' : 'Who', elsewhere?.who ?? 'you, here'],
    ['Outcome', lookOf(entry).text],
    ['', what],
    ...changes.slice(0, shownChanges).map((change) => ['', changeText(change)] as const),
    ['', more > 0 ? `… and ${more} more` : ''],
    ['', kind === 'undo' || why === undefined ? '' : `Undo isn't available: ${why}`],
  ]);
}
