import * as vscode from 'vscode';
import { failureText, isCanceled } from '../../connections/failures';
import { selectKey } from '../../documents/selectRange';
import { keyAt, parseDocument } from '../../json/parse';
import { own } from '../../json/json';
import { parseDocumentUri, type DocumentTarget } from '../../documents/uris/uri';
import { changeText } from '../../operations/changeText';
import { CopyRequest } from '../../operations/copy/copyRequest';
import { readElsewhere } from '../../operations/history/elsewhere';
import type { ActivityPlace } from '../../operations/history/activityLog';
import { HistoryItem, namesOf } from '../../operations/history/item';
import { whyNotUndoable } from '../../operations/history/undo';
import { runCommand } from '../../ui/commandIds';
import { withLateCancel } from '../../ui/lateProgress';
import type { Choice } from '../../ui/prompts';
import { shortTime } from '../../ui/times';
import { allEnvironments } from '../allEnvironments';
import type { Command, CommandServices } from '../command';
import { whereText } from '../placeNames';
import { openDocument } from '../openCommands';
import { settingLink } from '../settingLink';
import { documentUriOf, environmentOfEntry, picked, type EnvironmentTarget } from '../targets';
import { placeOf } from './historyTargets';

/** A setting in an environment's document. */
interface SettingAt {
  readonly uri: vscode.Uri;
  readonly environment: Extract<DocumentTarget, { kind: 'settings' }>;
  readonly key: string;
}

/** Shows who changed a setting, when, and from what, and what to do about it. */
export const showSettingHistory: Command = {
  async run(services, target) {
    const at = await settingAt(services, target);
    if (!at) {
      return;
    }
    const { key } = at;
    const { place, found, note } = await changesOf(services, at);
    const undoable = found.find(isUndoable);
    const rows: Choice<HistoryItem | 'undo' | 'elsewhere' | 'copy'>[] = [
      ...found.map((value) => ({
        label: changesIn(value, key).map(changeText).join('; '),
        description: [value.elsewhere?.who ?? 'you, here', shortTime(value.entry.startedAt)].join(' · '),
        ...(value.entry.outcome !== 'applied' && { detail: value.entry.what }),
        value,
      })),
      { label: 'Actions', kind: vscode.QuickPickItemKind.Separator, value: 'elsewhere' },
      ...(undoable ? [{ label: 'Undo Last Change…', value: 'undo' } as const] : []),
      { label: 'Show in Other Environments', value: 'elsewhere' },
      { label: 'Copy to Environment…', value: 'copy' },
    ];
    const unknown = `No known changes to ${key}.`;
    const chosen = picked(
      await services.prompts.pick(rows, {
        title: `History of ${key} in ${whereText(services, place, place.environment.name)}`,
        placeHolder: [found.length === 0 ? unknown : 'Choose a change to show', note]
          .filter(Boolean)
          .join(' '),
      }),
    );
    if (chosen instanceof HistoryItem) {
      await runCommand('showChange', chosen);
    } else if (chosen === 'undo') {
      await runCommand('undoChange', onlyOf(undoable, key));
    } else {
      await runCommand(chosen === 'copy' ? 'copySettings' : 'showSettingElsewhere', linkOf(at));
    }
  },
};

/** Undoes the newest change of a setting, no matter who made it, but not the rest of that save. */
export const undoSetting: Command = {
  async run(services, target) {
    const at = await settingAt(services, target);
    if (!at) {
      return;
    }
    const { place, found, note } = await changesOf(services, at);
    const last = found.find(isUndoable);
    if (last) {
      await runCommand('undoChange', onlyOf(last, at.key));
      return;
    }
    const nothing = `There are no changes to ${at.key} in ${place.environment.name} to undo.`;
    await services.prompts.notify('information', [nothing, note].filter(Boolean).join(' '));
  },
};

/** Shows a setting's values in all other environments, and what to do with them. */
export const showSettingElsewhere: Command = {
  async run(services, target) {
    const at = await settingAt(services, target);
    if (!at) {
      return;
    }
    const { key, environment } = at;
    const { connections, log } = services;
    const { found, gaps } = await withLateCancel(`Reading ${key} in other environments`, async (signal) => {
      const all = await allEnvironments(services);
      const others = all.places
        .map(({ entry, place }) => ({ ...environmentOfEntry(entry), place }))
        .filter((one) => !isSame(one, environment));
      const whyNot = (error: unknown): string => {
        if (isCanceled(error)) {
          throw error;
        }
        return failureText(error, log);
      };
      const here = await valueOf(services, at);
      return {
        gaps: all.gaps,
        found: await readElsewhere({ connections, whyNot }, key, here, others, signal),
      };
    });
    if (found.length + gaps.length === 0) {
      await services.prompts.notify('information', 'There is no other environment to compare with.');
      return;
    }
    const icons = { same: 'check', differs: 'diff', absent: 'circle-slash', failed: 'error' } as const;
    const chosen = picked(
      await services.prompts.pick<Choice<EnvironmentTarget>['value'] | undefined>(
        [
          ...found.map((one) => ({
            label: one.at.name,
            description: one.text,
            detail: one.at.place,
            iconPath: new vscode.ThemeIcon(icons[one.kind]),
            value: one.at,
          })),
          ...gaps.map(({ what, why }) => ({
            label: what,
            description: why,
            iconPath: new vscode.ThemeIcon('warning'),
            value: undefined,
          })),
        ],
        {
          title: `${key} of ${whereText(services, environment, nameOf(services, environment))} in other environments`,
          placeHolder: 'Choose an environment to open or copy to',
        },
      ),
    );
    await choose(services, at, chosen);
  },
};

async function choose(
  services: CommandServices,
  { key, environment }: SettingAt,
  there: EnvironmentTarget,
): Promise<void> {
  const answer = picked(
    await services.prompts.pick<'open' | 'copy'>(
      [
        { label: 'Open Settings', value: 'open' },
        { label: `Copy to ${there.name}…`, value: 'copy' },
      ],
      { title: `${key} in ${whereText(services, there, there.name)}`, placeHolder: 'Choose what to do' },
    ),
  );
  if (answer === 'copy') {
    const source = { ...environment, name: nameOf(services, environment) };
    await runCommand('copySettings', new CopyRequest(source, [[key]], [there]));
    return;
  }
  const editor = await openDocument(services, there);
  await selectKey(editor, key, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The setting of a link, or the one at the cursor. */
async function settingAt(services: CommandServices, target: unknown): Promise<SettingAt | undefined> {
  const link = settingLink(target);
  const uri = link?.uri ?? documentUriOf(target);
  const environment = uri && parseDocumentUri(uri)?.target;
  const editor = vscode.window.activeTextEditor;
  const key =
    link?.path[0] ??
    (editor && keyAt(editor.document.getText(), editor.document.offsetAt(editor.selection.active)));
  if (!uri || environment?.kind !== 'settings' || key === undefined) {
    await services.prompts.notify('information', 'Put the cursor on a setting of an environment first.');
    return undefined;
  }
  return { uri, environment, key };
}

/** The changes of a setting, newest first, and why there may be more. */
async function changesOf(
  services: CommandServices,
  { environment, key }: SettingAt,
): Promise<{ place: ActivityPlace; found: readonly HistoryItem[]; note: string | undefined }> {
  const place = placeOf({ ...environment, name: nameOf(services, environment) });
  const view = await services.historyView();
  const { items, note } = await withLateCancel(
    `Checking who changed ${key} in ${whereText(services, place, place.environment.name)}`,
    (signal) => view.changesOf(place, signal),
  );
  return { place, found: items.filter(({ entry }) => namesOf(entry.changes).includes(key)), note };
}

/** The value in the document or, if it isn't open or isn't valid JSON, PostHog's. */
async function valueOf(services: CommandServices, { uri, key }: SettingAt): ReturnType<typeof serverValue> {
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  const parsed = document && parseDocument(document.getText());
  return parsed?.ok ? own(parsed.value, key) : serverValue(services, uri, key);
}

const serverValue = async ({ documents }: CommandServices, uri: vscode.Uri, key: string) =>
  own((await (await documents()).load(uri)).base, key);

const changesIn = ({ entry }: HistoryItem, key: string) =>
  entry.changes.filter(({ path }) => path[0] === key);

const isUndoable = ({ entry }: HistoryItem): boolean => whyNotUndoable(entry) === undefined;

/** An item limited to the changes of one setting, so that undo leaves the rest. */
function onlyOf(item: HistoryItem | undefined, key: string): HistoryItem | undefined {
  return (
    item &&
    new HistoryItem(
      { ...item.entry, id: `setting:${item.entry.id}`, changes: changesIn(item, key) },
      item.elsewhere,
    )
  );
}

const linkOf = ({ uri, key }: SettingAt): unknown => ({ uri: uri.toString(), path: [key] });

const isSame = (left: EnvironmentTarget, right: EnvironmentTarget): boolean =>
  left.connectionId === right.connectionId && left.environment.id === right.environment.id;

/** The environment's last known name, because a file name lacks some characters. */
const nameOf = ({ marks }: CommandServices, { connectionId, environment, name }: EnvironmentTarget): string =>
  marks.nameOf(connectionId, environment.id) ?? name;
