import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { differingRows, type Comparison } from '../../operations/compare/compare';
import { asJson, asMarkdown, comparisonSummary } from '../../operations/compare/texts';
import { comparisonTitle } from '../../reports/reports';
import type { ComparedPlace } from '../../reports/reportTargets';
import { parseReportUri, reportUri } from '../../reports/reportUri';
import type { EnvironmentAt } from '../../operations/services';
import { withLateCancel } from '../../ui/lateProgress';
import { pickEnvironment } from '../allEnvironments';
import { selectedEntries } from '../batch';
import type { Command, CommandServices } from '../command';
import { documentUriOf, environmentOf, environmentOfEntry } from '../targets';

/** An environment with another one, which is asked for. */
export const compareEnvironment: Command = {
  async run(services, target) {
    const here =
      environmentOf(target) ??
      (await pickEnvironment(services, {
        title: services.purpose,
        placeHolder: 'Choose an environment to compare',
      }));
    const there = await pickEnvironment(services, {
      title: `${services.purpose}: ${nameOf(services, here)}`,
      placeHolder: 'Choose the environment to compare it with',
      without: [here],
    });
    await comparePlaces(services, here, there);
  },
};

/** Two selected rows. */
export const compareSelected: Command = {
  async run(services, target, selection) {
    const [here, there, ...more] = selectedEntries(services, target, selection, 'environment').map(
      environmentOfEntry,
    );
    if (!here || !there || more.length > 0) {
      await services.prompts.notify('information', 'Select two environments to compare them.');
      return;
    }
    await comparePlaces(services, here, there);
  },
};

export const compareAgain: Command = {
  async run(services, target) {
    const places = await openPlaces(services, target);
    if (places) {
      await compare(services, places);
    }
  },
};

export const exportComparisonAsJson: Command = {
  run: (services, target) => show(services, target, 'json', asJson),
};

export const exportComparisonAsMarkdown: Command = {
  run: (services, target) => show(services, target, 'markdown', asMarkdown),
};

/** Shows what differs between two environments. */
export async function comparePlaces(
  services: CommandServices,
  here: EnvironmentAt,
  there: EnvironmentAt,
): Promise<void> {
  await compare(services, [placeOf(services, here), placeOf(services, there)]);
}

/** Reads both environments and shows what differs; that nothing does is said, not shown. */
async function compare(services: CommandServices, places: readonly ComparedPlace[]): Promise<void> {
  const reports = await services.reports();
  const comparisons = await reports.comparisons();
  const comparison = await withLateCancel(comparisonTitle(places), (signal) =>
    comparisons.compare(places, signal),
  );
  const uris = ([0, 1] as const).map((side) =>
    reportUri(
      { kind: 'comparison', compared: { places: [...places], side } },
      (id) => services.connections.get(id)?.label ?? 'removed connection',
    ),
  );
  const isOpen = uris.every((uri) => reports.peek(uri));
  const count = differingRows(comparison).length;
  if (count > 0 || isOpen) {
    const { signal } = new AbortController();
    for (const side of [0, 1] as const) {
      await reports.read({ kind: 'comparison', compared: { places: [...places], side } }, signal);
    }
  }
  if (count === 0) {
    if (!isOpen) {
      comparisons.forget(places);
    }
    await services.prompts.notify('information', comparisonSummary(comparison));
    return;
  }
  const [here, there] = comparison.states.map(({ label }) => label);
  await vscode.commands.executeCommand(
    'vscode.diff',
    ...uris,
    asText(
      `${here ?? ''} ↔ ${there ?? ''} (${count === 1 ? '1 setting differs' : `${count} settings differ`})`,
    ),
  );
}

async function show(
  services: CommandServices,
  target: unknown,
  language: string,
  text: (comparison: Comparison, rows: Comparison['rows']) => string,
): Promise<void> {
  const places = await openPlaces(services, target);
  const comparison = places && (await (await (await services.reports()).comparisons()).peek(places));
  if (!comparison) {
    return;
  }
  const rows = comparison.rows.filter(({ kind }) => kind !== 'equal');
  const content = text(comparison, rows);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

/** The environments of the comparison in the active editor. */
async function openPlaces(
  services: CommandServices,
  target: unknown,
): Promise<readonly ComparedPlace[] | undefined> {
  const uri = documentUriOf(target);
  const report = parseReportUri(uri);
  if (report?.kind === 'comparison') {
    return report.compared.places;
  }
  await services.prompts.notify(
    'information',
    'This command needs a comparison. Compare two environments first.',
  );
  return undefined;
}

/** The name that an environment was last seen with: that of a file lacks some characters. */
const nameOf = ({ marks }: CommandServices, { connectionId, environment, name }: EnvironmentAt): string =>
  marks.nameOf(connectionId, environment.id) ?? name;

const placeOf = (services: CommandServices, target: EnvironmentAt): ComparedPlace => {
  const { id, projectId, organizationId } = target.environment;
  return {
    connectionId: target.connectionId,
    environment: { id, projectId, ...(organizationId !== undefined && { organizationId }) },
    name: nameOf(services, target),
  };
};
