import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { selectKey } from '../../documents/selectRange';
import type { VitalsPlace } from '../../reports/reportTargets';
import { titleOf } from '../../reports/reports';
import type { ReportTarget } from '../../reports/reportTargets';
import type { WebVitalsPanel } from '../../webVitals/panel';
import type { Command, CommandServices } from '../command';
import { openDocument } from '../openCommands';
import { pickEnvironment } from '../allEnvironments';
import { organizationIn, whereText } from '../placeNames';
import { requireScope, selectedEntries, withProgress } from '../batch';
import { showReport } from './showReport';
import { environmentOfEntry, environmentTarget, isActivePanel, type EnvironmentTarget } from '../targets';
import { askPath } from './webVitalsPath';
import { keyOf } from '../../settings/keys';

export const showWebVitals: Command = {
  async run(services, target, selection) {
    const places = await askPlaces(services, target, selection);
    await (await services.webVitals()).show(places);
  },
};

export const showWebVitalsJson: Command = {
  async run(services, target, selection) {
    const panel =
      isActivePanel(target) || isPanelTarget(target) ? await panelOf(services, target) : undefined;
    const places = panel?.panel.places ?? (await askPlaces(services, target, selection));
    const report: ReportTarget = { kind: 'web-vitals', places };
    const uri = await withProgress(titleOf(services, report), async (_report, signal) =>
      (await services.reports()).read(report, signal),
    );
    await showReport(uri);
  },
};

export const compareWebVitalsWithPath: Command = {
  async run(services, target) {
    const { panel, place } = await shownPlace(services, target);
    await panel.show([place, { ...place, path: await askPath(services, [place]) }]);
  },
};

export const compareWebVitalsWithEnvironment: Command = {
  async run(services, target) {
    const { panel, place } = await shownPlace(services, target);
    const other = await pickEnvironment(services, {
      title: `${services.purpose}: ${whereText(services, place, place.name)}`,
      placeHolder: 'Choose the environment to compare it with',
      without: [place],
    });
    requireScope(services, other.connectionId, 'query:read');
    await panel.show([place, { ...placeOf(services, other), path: place.path }]);
  },
};

export const changeWebVitalsPath: Command = {
  async run(services, target) {
    const { panel, place, side } = await shownPlace(services, target);
    const path = await askPath(services, [place]);
    await panel.show(panel.places.map((other, index) => (index === side ? { ...other, path } : other)));
  },
};

export const refreshWebVitals: Command = {
  async run(services, target) {
    await (await shownPlace(services, target)).panel.refresh();
  },
};

export const openWebVitalsSetting: Command = {
  async run(services, target) {
    const { place } = await shownPlace(services, target);
    const { connectionId, environment, name } = place;
    const editor = await openDocument(services, { kind: 'settings', connectionId, environment, name });
    await selectKey(editor, keyOf.webVitals, vscode.TextEditorRevealType.InCenter);
  },
};

/** The place of a panel's button, or of the active panel. @throws Canceled */
async function shownPlace(
  services: CommandServices,
  target: unknown,
): Promise<{ panel: WebVitalsPanel; place: VitalsPlace; side: 0 | 1 }> {
  const shown = await panelOf(services, target);
  const place = shown?.panel.places[shown.side];
  if (!shown || !place) {
    await services.prompts.notify(
      'information',
      'This command needs a web vitals panel. Run "Show Web Vitals…" first.',
    );
    throw new Canceled();
  }
  return { ...shown, place };
}

async function panelOf(
  services: CommandServices,
  target: unknown,
): Promise<{ panel: WebVitalsPanel; side: 0 | 1 } | undefined> {
  const panels = await services.webVitals();
  if (isPanelTarget(target)) {
    const panel = panels.list().find((known) => known === target.panel);
    return panel && { panel, side: target.side === 1 ? 1 : 0 };
  }
  return panels.active && { panel: panels.active, side: 0 };
}

const isPanelTarget = (target: unknown): target is { panel: unknown; side: unknown } =>
  typeof target === 'object' && target !== null && 'panel' in target && 'side' in target;

/** The environments a command was run on (two to compare them), with the path to show. */
async function askPlaces(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<VitalsPlace[]> {
  const two = Array.isArray(selection) ? selectedEntries(services, target, selection, 'environment') : [];
  if (two.length === 2) {
    two.forEach(({ connectionId }) => requireScope(services, connectionId, 'query:read'));
  }
  const environments =
    two.length === 2
      ? two.map(environmentOfEntry)
      : [await environmentTarget(services, target, 'query:read')];
  const places = environments.map((one) => placeOf(services, one));
  const path = await askPath(services, places);
  return places.map((place) => ({ ...place, path }));
}

const placeOf = (
  services: CommandServices,
  { connectionId, environment, name }: EnvironmentTarget,
): Omit<VitalsPlace, 'path'> => ({
  ...{ connectionId, environment, name },
  ...organizationIn(services, { connectionId, environment }),
});
