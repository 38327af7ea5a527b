import * as vscode from 'vscode';
import type { JsonPath } from '../../json/parse';
import { asText } from '../../json/visibleText';
import { briefValue } from '../../settings/walk';
import { maskSecretsAt } from '../../settings/document';
import { own } from '../../json/json';
import { placeInFile } from '../../operations/settingsFile/wanted';
import type { PlannedEnvironment } from '../../operations/settingsFile/planEnvironment';
import { commandOf } from '../../ui/commandIds';
import { shortTime } from '../../ui/times';
import { driftCount, driftingKeys, type DriftScope } from './driftScope';
import { isSettingsFile, type SettingsFileState, type SettingsFileStates } from './settingsFileState';
import { lensTitle } from '../../ui/lensTitle';

/**
 * Shows in a settings file what PostHog has, and offers to bring the two in line: everything, one environment, or one
 * setting.
 */
export class SettingsFileLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly files: SettingsFileStates) {
    this.onDidChangeCodeLenses = this.changed.event;
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      files.onDidChange(() => this.changed.fire()),
      vscode.languages.registerCodeLensProvider({ pattern: '**/posthog.environments.json' }, this),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const state = this.files.get(document.uri);
    if (
      !state?.read.file ||
      !state.read.document ||
      !isSettingsFile(document) ||
      !vscode.workspace.isTrusted
    ) {
      return [];
    }
    const { locateKey } = state.read.document;
    const at = (path: JsonPath, ...commands: readonly vscode.Command[]): vscode.CodeLens[] => {
      const { offset } = locateKey(path);
      const start = document.positionAt(offset);
      return commands.map((command) => new vscode.CodeLens(new vscode.Range(start, start), command));
    };
    const uri = document.uri.toString();
    return [
      ...at([], ...fileCommands(state, { uri })),
      ...state.plans.flatMap((plan) => {
        const { name } = plan.target;
        const scope = { uri, environments: [name] };
        return plan.kind === 'unreadable'
          ? at(
              ['environments', name],
              plan.error.connectionId === undefined
                ? commandOf(
                    'addConnection',
                    lensTitle('warning', `${asText(plan.error.what)} Add Connection…`),
                  )
                : commandOf('checkDrift', lensTitle('warning', `${asText(plan.error.what)} Check Again`), {
                    uri,
                  }),
            )
          : at(['environments', name], ...environmentCommands(plan, scope));
      }),
      ...settingLenses(state, uri).flatMap(({ path, commands }) => at(path, ...commands)),
    ];
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}

function fileCommands(
  { plans, checkedAt, checking }: SettingsFileState,
  scope: DriftScope,
): readonly vscode.Command[] {
  const count = driftCount(plans);
  const unread = plans.filter(({ kind }) => kind === 'unreadable').length;
  const found = [
    count === 0 ? 'no drift' : `${settingsText(count)} in all`,
    ...(unread > 0 ? [`${unread} couldn't be read`] : []),
  ].join(', ');
  const said = checking
    ? lensTitle('sync~spin', 'Checking PostHog')
    : checkedAt === undefined
      ? lensTitle('sync', 'Check Drift')
      : lensTitle('sync', `Checked ${shortTime(checkedAt.toISOString())}: ${found}`);
  return [
    commandOf('checkDrift', said, scope),
    ...(count > 0 ? bothWays(scope, ' All') : []),
    commandOf('copyCiCommand', 'Copy Command for CI', scope),
  ];
}

function environmentCommands(plan: PlannedEnvironment, scope: DriftScope): readonly vscode.Command[] {
  const count = driftingKeys(plan).length;
  const open = plan.notCompared.length;
  return [
    {
      title: [
        count === 0 ? lensTitle('check', 'Matches PostHog') : lensTitle('diff', settingsText(count)),
        ...(open > 0 ? [`${open} not compared`] : []),
      ].join(', '),
      command: count === 0 ? '' : 'workbench.view.scm',
    },
    ...(count > 0 ? bothWays(scope) : []),
  ];
}

const settingsText = (count: number): string =>
  count === 1 ? '1 setting differs' : `${count} settings differ`;

const bothWays = (scope: DriftScope, all = ''): readonly vscode.Command[] => [
  commandOf('applySettingsFile', `Apply${all} to PostHog`, scope),
  commandOf('takeIntoSettingsFile', `Take${all} into File`, scope),
];

/** Above each setting, PostHog's value if it differs. */
function settingLenses(
  { read, plans }: SettingsFileState,
  uri: string,
): readonly { path: JsonPath; commands: readonly vscode.Command[] }[] {
  const { file } = read;
  const places = new Map<string, { path: JsonPath; key: string; found: PlannedEnvironment[] }>();
  for (const plan of plans) {
    if (plan.kind === 'planned' && file) {
      const target = file.environments.find(({ name }) => name === plan.target.name);
      for (const key of target ? driftingKeys(plan) : []) {
        const path = placeInFile(file, target ?? plan.target, [key]);
        const place = places.get(path.join('\n')) ?? { path, key, found: [] };
        place.found.push(plan);
        places.set(path.join('\n'), place);
      }
    }
  }
  return [...places.values()].map(({ path, key, found }) => {
    const scope = { uri, environments: found.map(({ target }) => target.name), keys: [key] };
    const said = found.map((plan) => `${plan.target.name} has ${serverValue(plan, key)}`).join(', ');
    return {
      path,
      commands: [commandOf('showDrift', lensTitle('diff', asText(said)), scope), ...bothWays(scope)],
    };
  });
}

function serverValue({ set }: PlannedEnvironment, key: string): string {
  const value = own(set.base, key);
  return value === undefined ? 'none' : briefValue(maskSecretsAt([key], value));
}
