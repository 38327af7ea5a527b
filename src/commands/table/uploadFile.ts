import * as vscode from 'vscode';
import { scheme } from '../../documents/uris/scheme';
import { isComplete, runBatch } from '../../operations/batch';
import { applied, notApplied, outcomeText, type Outcome } from '../../operations/outcome';
import { isOurCanceled } from '../../posthog/errors';
import { showBatch } from '../batch';
import type { Command, CommandServices } from '../command';
import { whereText } from '../placeNames';
import { writeScope, notifyWithOpenOne } from './tableTargets';
import { writableEnvironment, picked, type EnvironmentTarget, type TableTarget } from '../targets';
import { ReportedFailure } from './uploadLeftover';
import { uploadOne } from './uploadOne';

/** Run on a row with or without dropped files, on files in the Explorer, or from the palette. */
export const uploadFile: Command = {
  async run(services, target, selection) {
    const files = filesOf(target, selection);
    const environment = await writableEnvironment(services, target, writeScope);
    const chosen = files.length > 0 ? files : [picked(await askFile(services, environment))];
    await uploadAll(services, environment, chosen);
  },
};

function filesOf(target: unknown, selection: unknown): readonly vscode.Uri[] {
  const isFile = (value: unknown): value is vscode.Uri =>
    value instanceof vscode.Uri && value.scheme !== scheme;
  const selected = Array.isArray(selection) ? selection.filter(isFile) : [];
  if (selected.length > 0) {
    return selected;
  }
  return isFile(target) ? [target] : [];
}

function askFile(services: CommandServices, environment: EnvironmentTarget): Promise<vscode.Uri | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return services.prompts.openFile({
    title: `Upload File to ${whereText(services, environment, environment.name)}`,
    openLabel: 'Upload',
    ...(folder && { defaultUri: folder.uri }),
    filters: {
      'Table files (CSV, JSON Lines, Parquet)': ['csv', 'json', 'jsonl', 'ndjson', 'parquet', 'gz'],
      'All files': ['*'],
    },
  });
}

/** Uploads one file after another, each with its own prompts. Canceling one leaves the rest. */
async function uploadAll(
  services: CommandServices,
  environment: EnvironmentTarget,
  files: readonly vscode.Uri[],
): Promise<void> {
  const [only] = files;
  if (only && files.length === 1) {
    const { sentence, target } = await uploadOne(services, environment, only);
    await notifyWithOpenOne(services, 'information', sentence, [target]);
    return;
  }
  const result = await showBatch<vscode.Uri, TableTarget>(services, {
    verb: 'Uploaded',
    items: files.map((value) => ({ label: fileNameOf(value), value })),
    run: async (items, ports) => {
      const reported = new Set<vscode.Uri>();
      const all = await runBatch(items, (uri) => attempt(services, environment, uri, reported), ports);
      return { ...all, failed: all.failed.filter(({ item }) => !reported.has(item.value)) };
    },
    reportsDone: true,
    targetOf: () => environment,
  });
  if (isComplete(result) && result.done.length > 0) {
    const outcomes = result.done.map(({ outcome }) => outcome);
    const targets = outcomes.map((outcome) => outcome.result);
    await notifyWithOpenOne(services, 'information', outcomes.map(outcomeText).join(' '), targets);
  }
}

/**
 * Uploads one of several files.
 *
 * @param reported collects files whose failure was already reported
 * @throws Canceled if the user gave up before anything was sent
 */
async function attempt(
  services: CommandServices,
  environment: EnvironmentTarget,
  uri: vscode.Uri,
  reported: Set<vscode.Uri>,
): Promise<Outcome<TableTarget>> {
  try {
    const { sentence, target } = await uploadOne(services, environment, uri);
    return applied(sentence, target);
  } catch (error) {
    if (error instanceof ReportedFailure) {
      reported.add(uri);
      return notApplied('');
    }
    if (isOurCanceled(error) && error.mayHaveBeenApplied) {
      return notApplied('', { cause: error });
    }
    throw error;
  }
}

const fileNameOf = ({ path }: vscode.Uri): string => path.split('/').at(-1) ?? path;
