import * as vscode from 'vscode';
import { keyAt } from '../../json/parse';
import { namesOf, titleOf, type HistoryItem } from '../../operations/history/item';
import { changeText } from '../../operations/changeText';
import { reportUri } from '../../reports/reportUri';
import { parseDocumentUri } from '../../documents/uri';
import { withLateCancel } from '../../ui/lateProgress';
import { shortTime } from '../../ui/times';
import type { Command, CommandServices } from '../command';
import { documentUriOf, environmentTarget, picked } from '../targets';
import { asText } from '../../json/visibleText';
import { changeOf, placeOf } from './historyTargets';

/** Of an environment: its changes, wherever they were made. */
export const showHistory: Command = {
  async run(services, target) {
    const view = await services.historyView();
    const environment = await environmentTarget(services, target);
    view.show(placeOf(environment));
    await view.focus();
  },
};

export const filterHistory: Command = {
  async run(services) {
    // Whatever the active editor shows: another environment may be wanted.
    const environment = await environmentTarget(services, null);
    (await services.historyView()).show(placeOf(environment));
  },
};

export const showAllHistory: Command = {
  async run(services) {
    (await services.historyView()).show(undefined);
  },
};

export const refreshHistory: Command = {
  async run(services) {
    (await services.historyView()).refresh();
  },
};

export const loadMoreHistory: Command = {
  async run(services) {
    await (await services.historyView()).loadMore();
  },
};

export const showChange: Command = {
  async run(services, target) {
    const item = changeOf(target);
    if (item) {
      await showDiff(services, item);
    }
  },
};

/** Who set the setting at the cursor, when, and from what. */
export const showSettingHistory: Command = {
  async run(services, target) {
    const uri = documentUriOf(target);
    const document = uri && parseDocumentUri(uri);
    const editor = vscode.window.activeTextEditor;
    const key = editor && keyAt(editor.document.getText(), editor.document.offsetAt(editor.selection.active));
    if (document?.target.kind !== 'settings' || key === undefined) {
      await services.prompts.notify(
        'information',
        'Put the cursor on a setting of an environment first; this command shows who has changed it.',
      );
      return;
    }
    const environment = document.target;
    const place = placeOf({ ...environment, name: nameOf(services, environment) });
    const view = await services.historyView();
    const { items, note } = await withLateCancel(`Reading who changed ${key}`, (signal) =>
      view.changesOf(place, signal),
    );
    const found = items.filter(({ entry }) => namesOf(entry.changes).includes(key));
    if (found.length === 0) {
      await services.prompts.notify(
        'information',
        `No change of ${key} in ${place.environment.name} is known.${note === undefined ? '' : ` ${note}`}`,
      );
      return;
    }
    const item = picked(
      await services.prompts.pick(
        found.map((value) => ({
          label: value.entry.changes
            .filter(({ path }) => path[0] === key)
            .map(changeText)
            .join('; '),
          description: [value.elsewhere?.who ?? 'you, here', shortTime(value.entry.startedAt)].join(' · '),
          ...(value.entry.outcome !== 'applied' && { detail: value.entry.what }),
          value,
        })),
        {
          title: `History of ${key} in ${place.environment.name}`,
          placeHolder: note ?? 'Choose a change to see it',
        },
      ),
    );
    await showDiff(services, item);
  },
};

/** The name that an environment was last seen with: that of a file lacks some characters. */
const nameOf = (
  { marks }: CommandServices,
  { connectionId, environment, name }: { connectionId: string; environment: { id: number }; name: string },
): string => marks.nameOf(connectionId, environment.id) ?? name;

async function showDiff(
  { connections }: CommandServices,
  { entry, elsewhere, isTheirs }: HistoryItem,
): Promise<void> {
  const title = titleOf(entry);
  const side = (one: 'from' | 'to'): vscode.Uri =>
    reportUri(
      {
        kind: 'change',
        change: {
          connectionId: entry.connectionId,
          environmentId: entry.environment.id,
          id: entry.id,
          side: one,
          name: title,
        },
      },
      (id) => connections.get(id)?.label ?? 'removed connection',
    );
  const by = elsewhere ? `, by ${elsewhere.who}` : '';
  const sides = isTheirs ? `${elsewhere?.who ?? 'theirs'} ↔ yours` : `before ↔ after${by}`;
  await vscode.commands.executeCommand(
    'vscode.diff',
    side('from'),
    side('to'),
    asText(`${title} in ${entry.environment.name}: ${sides}`),
  );
}
