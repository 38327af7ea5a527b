import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { changedValues } from '../../operations/changeText';
import type { EnvironmentPlan, PlannedEnvironment } from '../../operations/settingsFile/planEnvironment';
import { settingsField } from '../../settings/catalogue';
import { commandOf } from '../../ui/commandIds';
import { shortTime } from '../../ui/times';
import { driftCount, driftingKeys, giveScope, type DriftScope } from './driftScope';
import { driftScheme } from './driftScheme';
import type { SettingsFileState, SettingsFileStates } from './settingsFileState';

/** The ID by which menus recognize the source controls of settings files. */
const sourceControlId = 'posthogEnvironments';

interface Shown {
  readonly control: vscode.SourceControl;
  readonly groups: Map<string, vscode.SourceControlResourceGroup>;
}

/**
 * Shows settings that differ between a settings file and PostHog in the Source Control view: a source control per file,
 * a group per environment, and a row per setting.
 */
export class DriftView implements vscode.Disposable {
  private readonly shown = new Map<string, Shown>();
  private readonly subscription: vscode.Disposable;

  constructor(files: SettingsFileStates) {
    this.subscription = files.onDidChange((state) => this.update(state));
  }

  dispose(): void {
    this.subscription.dispose();
    this.shown.forEach((one) => close(one));
  }

  private update(state: SettingsFileState): void {
    const key = state.uri.toString();
    const known = this.shown.get(key);
    if (state.isGone) {
      this.shown.delete(key);
      if (known) {
        close(known);
      }
      return;
    }
    // There is nothing to show before the first check, which never happens in Restricted Mode.
    if (state.checkedAt === undefined || state.read.document === undefined) {
      return;
    }
    const shown: Shown = known ?? { control: this.create(state), groups: new Map() };
    this.shown.set(key, shown);
    const { control, groups } = shown;
    control.count = driftCount(state.plans);
    control.statusBarCommands = [
      commandOf(
        'checkDrift',
        state.checking
          ? '$(sync~spin) Checking'
          : `$(sync) Checked ${shortTime(state.checkedAt.toISOString())}`,
        { uri: key },
      ),
    ];
    for (const [name, group] of groups) {
      if (!state.plans.some(({ target }) => target.name === name)) {
        group.dispose();
        groups.delete(name);
      }
    }
    for (const plan of state.plans) {
      const { name } = plan.target;
      const group = groups.get(name) ?? control.createResourceGroup(name, name);
      groups.set(name, giveScope(group, { uri: key, environments: [name] }));
      group.hideWhenEmpty = true;
      group.label = asText(plan.kind === 'planned' ? name : `${name}: couldn't be read`);
      group.resourceStates = rowsOf(state, plan);
    }
  }

  private create({ uri }: SettingsFileState): vscode.SourceControl {
    const label = `PostHog: ${vscode.workspace.asRelativePath(uri)}`;
    const control = vscode.scm.createSourceControl(sourceControlId, label);
    control.inputBox.visible = false;
    return giveScope(control, { uri: uri.toString() });
  }
}

function close({ control, groups }: Shown): void {
  groups.forEach((group) => group.dispose());
  control.dispose();
}

function rowsOf({ uri }: SettingsFileState, plan: EnvironmentPlan): vscode.SourceControlResourceState[] {
  const { name } = plan.target;
  const scope: DriftScope = { uri: uri.toString(), environments: [name] };
  if (plan.kind === 'unreadable') {
    const action =
      plan.error.connectionId === undefined
        ? commandOf('addConnection', 'Add Connection')
        : commandOf('checkDrift', 'Check Again', scope);
    return [row(scope, plan.error.what, plan.error.message, 'warning', action, 'unreadable')];
  }
  return [
    ...driftingKeys(plan).map((key) => {
      const own: DriftScope = { ...scope, keys: [key] };
      const values = valuesOf(plan, key);
      const title = settingsField(key)?.title ?? key;
      const command = commandOf('showDrift', 'Show Changes', own);
      return row(own, `${key}: ${values}`, `${title}: ${values}`, 'diff-modified', command, 'drift');
    }),
    ...plan.notCompared.map(({ path: [key], why }) =>
      row(scope, `${String(key)}: not compared`, why, 'question', undefined, 'notCompared'),
    ),
  ];
}

/** PostHog's value and the file's, on one line. */
function valuesOf({ set }: PlannedEnvironment, key: string): string {
  const changes = set.changes.filter(({ path }) => path[0] === key);
  const [only] = changes;
  return only && changes.length === 1
    ? `${only.path.slice(1).map(String).join('.')} ${changedValues(only)}`.trim()
    : `${changes.length} values differ`;
}

/** The Source Control view labels a row with the last part of its URI, and shows the rest in gray. */
function row(
  scope: DriftScope,
  label: string,
  tooltip: string,
  icon: string,
  command: vscode.Command | undefined,
  contextValue: string,
): vscode.SourceControlResourceState {
  const plain = (text: string): string => asText(text).replaceAll('/', '∕');
  const [environment = ''] = scope.environments ?? [];
  return giveScope(
    {
      resourceUri: vscode.Uri.from({
        scheme: driftScheme,
        path: `/${plain(environment)}/${plain(label)}`,
        query: JSON.stringify(scope),
      }),
      decorations: { tooltip: asText(tooltip), iconPath: new vscode.ThemeIcon(icon) },
      contextValue,
      ...(command && { command }),
    },
    scope,
  );
}
