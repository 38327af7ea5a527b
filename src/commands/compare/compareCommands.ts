import * as vscode from 'vscode';
import { connectionLabel } from '../../connections/connectionLabel';
import { distinctName } from '../../directory/organizationName';
import { asText } from '../../json/visibleText';
import { compareStates, differingRows, type Comparison } from '../../operations/compare/compare';
import { asJson, asMarkdown, comparisonSummary } from '../../operations/compare/texts';
import { ignoredPaths } from '../../reports/comparisons';
import { comparisonTitle } from '../../reports/reports';
import type { ComparedPlace } from '../../reports/reportTargets';
import { parseReportUri, reportUri } from '../../reports/reportUri';
import type { EnvironmentAt } from '../../operations/services';
import { withLateCancel } from '../../ui/lateProgress';
import { pickEnvironment, pickEnvironments } from '../allEnvironments';
import { selectedEntries } from '../batch';
import type { Command, CommandServices } from '../command';
import { around, organizationIn, whereText } from '../placeNames';
import { documentUriOf, environmentOf, environmentOfEntry, isActivePanel } from '../targets';

/** Compares an environment with another one of the user's choice. */
export const compareEnvironment: Command = {
  async run(services, target) {
    const here =
      environmentOf(target) ??
      (await pickEnvironment(services, {
        title: services.purpose,
        placeHolder: 'Choose an environment to compare',
        least: 2,
      }));
    const there = await pickEnvironment(services, {
      title: `${services.purpose}: ${whereText(services, here, nameOf(services, here))}`,
      placeHolder: 'Choose the environment to compare it with',
      without: [here],
    });
    await comparePlaces(services, here, there);
  },
};

/** Compares selected rows: two as a diff, more side by side. */
export const compareSelected: Command = {
  async run(services, target, selection) {
    const chosen = selectedEntries(services, target, selection, 'environment').map(environmentOfEntry);
    const [here, there] = chosen;
    if (here && there && chosen.length === 2) {
      await comparePlaces(services, here, there);
    } else if (chosen.length > 2) {
      await (await services.matrix()).show(chosen.map((one) => placeOf(services, one)));
    } else {
      await services.prompts.notify('information', 'Select two or more environments to compare them.');
    }
  },
};

/** Compares environments side by side, in a table. */
export const compareEnvironments: Command = {
  async run(services, target, selection) {
    const rows = selectedEntries(services, target, selection, 'environment').map(environmentOfEntry);
    const chosen =
      rows.length > 1
        ? rows
        : await pickEnvironments(services, {
            title: services.purpose,
            placeHolder: 'Choose two or more environments',
            least: 2,
          });
    if (chosen.length < 2) {
      await services.prompts.notify('information', 'Choose two or more environments to compare them.');
      return;
    }
    await (await services.matrix()).show(chosen.map((one) => placeOf(services, one)));
  },
};

/** Compares the first environment of a table with each of the others, as diffs. */
export const openComparisonDiffs: Command = {
  async run(services, target) {
    const panels = await services.matrix();
    const panel = panels.list().find((one) => one === target) ?? panels.active;
    const [first, ...others] = panel?.read ?? [];
    if (!first || others.length === 0) {
      await services.prompts.notify(
        'information',
        'There is nothing to compare: fewer than two environments could be read.',
      );
      return;
    }
    const comparisons = await (await services.reports()).comparisons();
    const found = others.map(({ place, state }) => {
      const places = [first.place, place];
      const comparison = compareStates([first.state, state], { ignore: ignoredPaths() });
      return { places, comparison, isEqual: differingRows(comparison).length === 0 };
    });
    const pairs = found.filter(({ isEqual }) => !isEqual);
    const [only] = pairs;
    if (!only) {
      await services.prompts.notify('information', 'No setting differs between these environments.');
      return;
    }
    for (const { places, comparison } of pairs) {
      comparisons.adopt(places, comparison);
    }
    if (pairs.length === 1) {
      await showDiff(services, only.places, only.comparison);
      return;
    }
    const diffs = await Promise.all(pairs.map(({ places }) => sidesOf(services, places)));
    await vscode.commands.executeCommand(
      'vscode.changes',
      asText(`${first.place.name} ↔ ${found.length} environments`),
      diffs.map(([here, there]) => [there, here, there]),
    );
  },
};

export const compareAgain: Command = {
  async run(services, target) {
    const panel = isActivePanel(target) ? (await services.matrix()).active : undefined;
    if (panel) {
      await panel.refresh();
      return;
    }
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

/** Reads both environments and shows the differences. If there are none, a message says so. */
async function compare(services: CommandServices, places: readonly ComparedPlace[]): Promise<void> {
  const reports = await services.reports();
  const comparisons = await reports.comparisons();
  const comparison = await withLateCancel(comparisonTitle(services, places), (signal) =>
    comparisons.compare(places, signal),
  );
  const uris = ([0, 1] as const).map((side) => uriOf(services, places, side));
  const isOpen = uris.every((uri) => reports.peek(uri));
  if (differingRows(comparison).length === 0) {
    if (isOpen) {
      await sidesOf(services, places);
    } else {
      comparisons.forget(places);
    }
    await services.prompts.notify('information', comparisonSummary(comparison));
    return;
  }
  await showDiff(services, places, comparison);
}

async function showDiff(
  services: CommandServices,
  places: readonly ComparedPlace[],
  comparison: Comparison,
): Promise<void> {
  const [common, other] = new Set(places.map((place) => around(services, place)));
  const where =
    other === undefined
      ? `${comparison.states.map(({ label }) => label).join(' ↔ ')} · ${common ?? ''}`
      : places.map((place) => whereText(services, place, place.name)).join(' ↔ ');
  const count = differingRows(comparison).length;
  await vscode.commands.executeCommand(
    'vscode.diff',
    ...(await sidesOf(services, places)),
    asText(`${where} (${count === 1 ? '1 setting differs' : `${count} settings differ`})`),
  );
}

/** The two documents of a comparison. */
async function sidesOf(
  services: CommandServices,
  places: readonly ComparedPlace[],
): Promise<[vscode.Uri, vscode.Uri]> {
  const reports = await services.reports();
  const { signal } = new AbortController();
  const read = (side: 0 | 1): Promise<vscode.Uri> =>
    reports.read({ kind: 'comparison', compared: { places: [...places], side } }, signal);
  return [await read(0), await read(1)];
}

const uriOf = ({ connections }: CommandServices, places: readonly ComparedPlace[], side: 0 | 1): vscode.Uri =>
  reportUri({ kind: 'comparison', compared: { places: [...places], side } }, (id) =>
    connectionLabel(connections, id),
  );

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

/** The environment's last known name, because a file name lacks some characters. */
const nameOf = ({ marks }: CommandServices, { connectionId, environment, name }: EnvironmentAt): string =>
  marks.nameOf(connectionId, environment.id) ?? name;

const placeOf = (services: CommandServices, target: EnvironmentAt): ComparedPlace => {
  const { id, projectId, organizationId } = target.environment;
  return {
    connectionId: target.connectionId,
    environment: { id, projectId, ...(organizationId !== undefined && { organizationId }) },
    name: distinctName(services.directory, target, nameOf(services, target)),
    ...organizationIn(services, target),
  };
};
