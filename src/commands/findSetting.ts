import * as vscode from 'vscode';
import { selectKey } from '../documents/selectRange';
import { SettingAt } from '../matrix/settingAt';
import { compareStates, type Row, type State } from '../operations/compare/compare';
import { labeled, readStates } from '../operations/compare/readStates';
import { cellText } from '../operations/compare/texts';
import type { EnvironmentAt } from '../operations/services';
import { settingsField, settingsFields, settingsGroups, type SettingsField } from '../settings/catalogue';
import type { Choice } from '../ui/prompts';
import { withLateCancel } from '../ui/lateProgress';
import { allEnvironments } from './allEnvironments';
import type { Command, CommandServices } from './command';
import { openDocument } from './openCommands';
import { environmentOfEntry, picked, type EnvironmentTarget } from './targets';

/** Finds a setting by title and shows its value in every environment. Run on a setting, it shows that one. */
export const findSetting: Command = {
  async run(services, target) {
    if (target instanceof SettingAt) {
      await openAt(services, target.environment, target.key);
      return;
    }
    const field = picked(
      await services.prompts.pick(
        settingsFields
          .filter(({ access }) => access === 'writable')
          .map((value): Choice<SettingsField> => ({ ...settingChoice(value), value })),
        { title: services.purpose, placeHolder: 'Choose a setting' },
      ),
    );
    await showEverywhere(services, field);
  },
};

/** A setting as a row. */
export const settingChoice = ({ key, title, group }: SettingsField): Omit<Choice<unknown>, 'value'> => ({
  label: title,
  description: key,
  detail: `Setting › ${settingsGroups.find(({ id }) => id === group)?.title ?? ''}`,
  iconPath: new vscode.ThemeIcon('settings'),
});

/** The settings that match a text: first by title, key and other names, then by description. */
export function matchingSettings(typed: string, limit: number): readonly SettingsField[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (texts: readonly string[]): boolean => {
    const text = texts.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const all = settingsFields.filter(({ access }) => access === 'writable');
  const named = all.filter(({ key, title, synonyms = [] }) => holds([key, title, ...synonyms]));
  const described = all.filter(
    (field) =>
      !named.includes(field) && holds([field.key, field.title, ...(field.synonyms ?? []), field.text]),
  );
  return [...named, ...described].slice(0, limit);
}

/** Shows a setting's value in every environment as responses arrive. Choosing one opens it at its line. */
export async function showEverywhere(
  services: CommandServices,
  { key, title }: SettingsField,
): Promise<void> {
  const { places, gaps } = await withLateCancel('Reading environments', () => allEnvironments(services));
  const targets = places.map(({ entry }) => environmentOfEntry(entry));
  const environments = labeled(targets, (id) => services.connections.get(id)?.label ?? '');
  const states: (State | undefined)[] = targets.map(() => undefined);
  const controller = new AbortController();
  let redraw = (): void => undefined;
  const reading = readStates({ connections: services.connections }, environments, {
    signal: controller.signal,
    onRead: (index, state) => {
      states[index] = state;
      redraw();
    },
  });
  const rows = (typed: string): readonly Choice<EnvironmentTarget>[] => {
    const row = rowOf(
      key,
      environments.map(({ label }, index) => states[index] ?? { label }),
    );
    return targets.flatMap((value, index): Choice<EnvironmentTarget>[] => {
      const state = states[index];
      const place = [places[index]?.place ?? '', state?.settings ? '' : (state?.why ?? '')];
      const isOdd = row?.spread.odd.includes(index) === true;
      return value.name.toLowerCase().includes(typed.trim().toLowerCase())
        ? [
            {
              label: value.name,
              description: state ? `${isOdd ? '≠ ' : ''}${cellText(row?.cells[index])}` : 'reading…',
              detail: place.filter(Boolean).join(' · '),
              iconPath: new vscode.ThemeIcon('layers'),
              alwaysShow: true,
              value,
            },
          ]
        : [];
    });
  };
  try {
    const chosen = await services.prompts.search<EnvironmentTarget>(
      async (typed, signal, show) => {
        redraw = () => {
          if (!signal.aborted) {
            show?.(rows(typed));
          }
        };
        redraw();
        await reading;
        return rows(typed);
      },
      {
        title: `${title} (${key})`,
        placeHolder: `Choose an environment to open the setting${gaps.map(({ what }) => ` (${what})`).join('')}`,
        log: services.log,
      },
    );
    if (chosen) {
      await openAt(services, chosen, key);
    }
  } finally {
    controller.abort();
  }
}

/** One setting in all environments, including those where it's meant to differ. */
const rowOf = (key: string, states: readonly State[]): Row | undefined =>
  compareStates(states).rows.find((row) => row.key === key);

/** Opens the settings of an environment with the cursor on a setting. */
async function openAt(
  services: CommandServices,
  { connectionId, environment, name }: EnvironmentAt,
  key: string,
): Promise<void> {
  const editor = await openDocument(services, { kind: 'settings', connectionId, environment, name });
  if (!(await selectKey(editor, key, vscode.TextEditorRevealType.InCenter))) {
    await services.prompts.notify(
      'information',
      `The settings of ${name} don't have "${settingsField(key)?.title ?? key}".`,
    );
  }
}
