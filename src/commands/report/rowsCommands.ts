import * as vscode from 'vscode';
import { noteOf } from '../../connections/failures';
import { titleOf } from '../../reports/reports';
import { parseReportUri } from '../../reports/reportUri';
import { type ReportTarget } from '../../reports/reportTargets';
import { rowsAsCsv, rowsAsJson } from '../../reports/rowsExport';
import { documentUri } from '../../documents/uris/uri';
import type { QueryResult } from '../../posthog/models';
import { showInStatusBar } from '../../ui/statusMessages';
import type { Command, CommandServices } from '../command';
import { requireScope, withProgress } from '../batch';
import { showReport } from './showReport';
import { organizationIn } from '../placeNames';
import { entryOf, environmentTarget, tableOf, tableTarget } from '../targets';

export const previewRows: Command = {
  async run(services, target) {
    const given = tableOf(target);
    const environment = given ?? (await environmentTarget(services, target, 'query:read'));
    requireScope(services, environment.connectionId, 'query:read');
    const table = given ?? (await tableTarget(services, documentUri({ ...environment, kind: 'settings' })));
    const entry = entryOf(target);
    const environmentName =
      entry?.kind === 'table'
        ? entry.parent.parent.basic.name
        : given
          ? services.marks.nameOf(given.connectionId, given.environment.id)
          : environment.name;
    const { connectionId, tableId, name } = table;
    await read(services, {
      kind: 'rows',
      place: {
        connectionId,
        environment: table.environment,
        ...(environmentName !== undefined && { environmentName }),
        ...organizationIn(services, table),
        tableId,
        name,
      },
    });
  },
};

export const refreshReport: Command = {
  async run(services, target) {
    const uri = reportUriOf(target);
    const report = uri && parseReportUri(uri);
    if (!report) {
      await services.prompts.notify(
        'information',
        'This command needs a row preview or web vitals as JSON. Open one first.',
      );
      return;
    }
    await read(services, report);
  },
};

export const copyRowsAsCsv: Command = {
  run: (services, target) => copy(services, target, 'CSV', rowsAsCsv),
};

export const copyRowsAsJson: Command = {
  run: (services, target) => copy(services, target, 'JSON', rowsAsJson),
};

/** Loads a report with progress and a Cancel button, then shows it. */
async function read(services: CommandServices, report: ReportTarget): Promise<void> {
  try {
    const uri = await withProgress(titleOf(services, report), async (_report, signal) =>
      (await services.reports()).read(report, signal),
    );
    await showReport(uri);
  } catch (error) {
    const note = noteOf(error);
    if (note !== undefined) {
      await services.prompts.notify('information', note);
    }
    throw error;
  }
}

async function copy(
  services: CommandServices,
  target: unknown,
  what: string,
  convert: (rows: QueryResult) => string,
): Promise<void> {
  const uri = reportUriOf(target);
  const rows = uri && (await services.reports()).peek(uri)?.rows;
  if (!rows) {
    await services.prompts.notify('information', 'This command needs a row preview. Open one first.');
    return;
  }
  await vscode.env.clipboard.writeText(convert(rows.result));
  const count = rows.result.results.length;
  showInStatusBar('check', `Copied ${count} row${count === 1 ? '' : 's'} of ${rows.table.name} as ${what}`);
}

function reportUriOf(target: unknown): vscode.Uri | undefined {
  return target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
}
