import * as v from 'valibot';
import * as vscode from 'vscode';
import { own, parseJson, type JsonObject } from '../../json/json';
import { segment } from '../../json/segment';
import { maskSecretsAt, formatDocument } from '../../settings/document';
import { fileError } from '../../ui/fileErrors';
import { driftScheme } from './driftScheme';
import type { SettingsFileStates } from './settingsFileState';

/** The parts of a document's address. */
const asked = v.object({
  file: v.string(),
  environment: v.string(),
  key: v.string(),
  side: v.picklist(['posthog', 'file']),
});
type Side = v.InferOutput<typeof asked>['side'];

/**
 * The document for one side of a setting.
 *
 * @param names where it is in PostHog, from the connection to the environment, for breadcrumbs
 * @param environment its name in the file
 */
export const driftUri = (
  file: vscode.Uri,
  names: readonly string[],
  { environment, key, side }: { environment: string; key: string; side: Side },
): vscode.Uri =>
  vscode.Uri.from({
    scheme: driftScheme,
    path: `/${[...names.map(segment), `${key}.json`].join('/')}`,
    query: JSON.stringify({ file: file.toString(), environment, key, side }),
  });

/** Provides a drifting setting as PostHog has it, and as the file does. */
export class DriftDocuments implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private changedAtMs = Date.now();

  /** @param changed receives the documents that changed */
  constructor(
    private readonly files: SettingsFileStates,
    changed: (uris: readonly vscode.Uri[]) => void,
  ) {
    this.subscription = files.onDidChange(() => {
      this.changedAtMs = Date.now();
      const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === driftScheme);
      changed(open.map(({ uri }) => uri));
    });
  }

  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: this.changedAtMs, size: 0 };
  }

  /** After a window reload, nothing is known about the file, so it's checked first. */
  async read(uri: vscode.Uri): Promise<Uint8Array> {
    const shows = driftSideOf(uri);
    if (!shows) {
      throw fileError('FileNotFound', "This isn't the address of a setting in a settings file.");
    }
    const { file, environment, key, side } = shows;
    if (!vscode.workspace.isTrusted) {
      throw fileError('Unavailable', "In Restricted Mode, settings files aren't compared with PostHog.");
    }
    const { plans } = await this.files.checked(vscode.Uri.parse(file));
    const plan = plans.find(({ target }) => target.name === environment);
    if (plan?.kind === 'unreadable') {
      throw fileError('Unavailable', plan.error.message);
    }
    if (!plan) {
      throw fileError('Unavailable', 'The settings file no longer contains this environment, or has errors.');
    }
    const shown = valueAt(side === 'file' ? plan.set.mine : plan.set.base, key);
    return new TextEncoder().encode(formatDocument(shown));
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** What one side of a setting shows; `undefined` for any other address. */
export function driftSideOf({ query }: vscode.Uri): v.InferOutput<typeof asked> | undefined {
  try {
    return v.parse(asked, parseJson(query));
  } catch {
    return undefined;
  }
}

function valueAt(document: JsonObject, key: string): JsonObject {
  const value = own(document, key);
  return value === undefined ? {} : { [key]: maskSecretsAt([key], value) };
}
