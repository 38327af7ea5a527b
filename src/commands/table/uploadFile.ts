import * as vscode from 'vscode';
import { failureText, isCancelled } from '../../connections/failures';
import { scheme } from '../../documents/uri';
import type { Command, CommandServices } from '../command';
import { retryHelps } from '../../operations/actions';
import { writeScope, tellWithOpenOne } from './tableTargets';
import { environmentTarget, picked, type EnvironmentTarget } from '../targets';
import { ToldCancelled } from '../multiStepInput';
import { ToldFailure } from './uploadLeftover';
import { uploadOne, type UploadedFile } from './uploadOne';

/** Run on a row with or without dropped files, on files in the Explorer, or from the palette. */
export const uploadFile: Command = {
  async run(services, target, selection) {
    const files = filesOf(target, selection);
    const environment = await environmentTarget(services, target, writeScope);
    const chosen = files.length > 0 ? files : [picked(await askFile(services))];
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

function askFile({ prompts }: CommandServices): Promise<vscode.Uri | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return prompts.openFile({
    title: 'Upload File as Warehouse Table',
    openLabel: 'Upload',
    ...(folder && { defaultUri: folder.uri }),
    filters: {
      'Table files (CSV, JSON Lines, Parquet)': ['csv', 'json', 'jsonl', 'ndjson', 'parquet', 'gz'],
      'All files': ['*'],
    },
  });
}

/** A file that didn't become a table. */
interface Failed {
  uri: vscode.Uri;
  reason: string;
  /** Retrying can help. */
  mayRetry: boolean;
}

/** Uploads one file after another, each with its own prompts. Canceling one doesn't cancel the others. */
async function uploadAll(
  services: CommandServices,
  environment: EnvironmentTarget,
  files: readonly vscode.Uri[],
): Promise<void> {
  const done: UploadedFile[] = [];
  const failed: Failed[] = [];
  let left: readonly vscode.Uri[] = [];
  for (const [index, uri] of files.entries()) {
    try {
      done.push(await uploadOne(services, environment, uri));
    } catch (error) {
      if (files.length === 1) {
        throw error;
      }
      if (error instanceof ToldFailure) {
        continue;
      }
      if (isCancelled(error)) {
        left = files.slice(error instanceof ToldCancelled ? index + 1 : index);
        break;
      }
      failed.push({ uri, reason: failureText(error, services.log), mayRetry: retryHelps(error) });
    }
  }
  await tellUploads(services, environment, done, failed, left);
}

async function tellUploads(
  services: CommandServices,
  environment: EnvironmentTarget,
  done: readonly UploadedFile[],
  failed: readonly Failed[],
  left: readonly vscode.Uri[],
): Promise<void> {
  const message = [
    ...done.map(({ sentence }) => sentence),
    // The reason starts with the file's name.
    ...failed.map(({ reason }) => reason),
    ...(left.length > 0 ? [`Canceled. Not uploaded: ${left.map(fileNameOf).join(', ')}.`] : []),
  ].join(' ');
  if (failed.length > 0) {
    const retried = failed.filter(({ mayRetry }) => mayRetry).map(({ uri }) => uri);
    const buttons = retried.length > 0 ? ['Retry Failed'] : [];
    if ((await services.prompts.tell('error', message, ...buttons)) === 'Retry Failed') {
      await uploadAll(services, environment, retried);
    }
  } else if (done.length > 0) {
    await tellWithOpenOne(
      services,
      'information',
      message,
      done.map(({ target }) => target),
    );
  } else if (message !== '') {
    await services.prompts.tell('information', message);
  }
}

const fileNameOf = ({ path }: vscode.Uri): string => path.split('/').at(-1) ?? path;
