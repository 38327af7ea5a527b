import * as vscode from 'vscode';
import { connectionLabel } from '../../connections/connectionLabel';
import { titleOf, type HistoryItem } from '../../operations/history/item';
import { sentences } from '../../operations/phrases/sentences';
import { reportUri } from '../../reports/reportUri';
import type { Command, CommandServices } from '../command';
import { whereText, organizationIn } from '../placeNames';
import { environmentTarget } from '../targets';
import { asText } from '../../json/visibleText';
import { changeOf, placeOf } from './historyTargets';

/** The changes of an environment, wherever they were made. */
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
    // `null` ignores the active editor: the user wants another environment.
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
    if (item && item.entry.changes.length > 0) {
      await showDiff(services, item);
    } else if (item) {
      const { entry } = item;
      const nothing = `"${titleOf(entry)}" in ${entry.environment.name} has no values to compare.`;
      await services.prompts.notify('information', sentences(nothing, entry.what));
    }
  },
};

async function showDiff(
  services: CommandServices,
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
          environmentName: entry.environment.name,
          ...organizationIn(services, entry),
          id: entry.id,
          side: one,
          name: title,
        },
      },
      (id) => connectionLabel(services.connections, id),
    );
  const by = elsewhere ? `, by ${elsewhere.who}` : '';
  const sides = isTheirs ? `${elsewhere?.who ?? 'theirs'} ↔ yours` : `before ↔ after${by}`;
  await vscode.commands.executeCommand(
    'vscode.diff',
    side('from'),
    side('to'),
    asText(`${title} in ${whereText(services, entry, entry.environment.name)}: ${sides}`),
  );
}
