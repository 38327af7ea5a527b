import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { keyPathAt, outlineOf } from '../../json/outline';
import type { JsonPath } from '../../json/parse';
import { copiedPath, CopyRequest } from '../../operations/copy/copyRequest';
import { parseReportUri } from '../../reports/reportUri';
import type { CommandServices } from '../command';
import { settingLink } from '../settingLink';
import {
  documentOf,
  documentUriOf,
  entryOf,
  environmentOf,
  environmentTarget,
  type EnvironmentTarget,
} from '../targets';

/**
 * What a command was run on: a setting in a link, a row of the tree, or the cursor or selection in a document or a
 * comparison. Anywhere else, the user picks an environment, whose settings are all copied.
 *
 * @throws Canceled if there is nothing to copy at the cursor
 */
export async function copyRequestOf(services: CommandServices, target: unknown): Promise<CopyRequest> {
  if (target instanceof CopyRequest) {
    return target;
  }
  const entry = entryOf(target);
  if (entry) {
    const source = await environmentTarget(services, target);
    return new CopyRequest(source, entry.kind === 'group' ? entry.group : 'all');
  }
  const link = settingLink(target);
  if (link) {
    return inDocument(services, link.uri, [link.path]);
  }
  const uri = documentUriOf(target);
  if (!uri || (parseReportUri(uri)?.kind !== 'comparison' && documentOf(uri)?.kind !== 'settings')) {
    return new CopyRequest(await environmentTarget(services, null), 'all');
  }
  const paths = pathsAtCursor(uri);
  if (paths.length === 0) {
    await services.prompts.notify(
      'information',
      'Put the cursor on a setting, or select several, to copy them to another environment.',
    );
    throw new Canceled();
  }
  return inDocument(services, uri, paths);
}

function inDocument(services: CommandServices, uri: vscode.Uri, paths: readonly JsonPath[]): CopyRequest {
  const report = parseReportUri(uri);
  if (report?.kind === 'comparison') {
    const { places, side } = report.compared;
    const [source, other] = side === 0 ? places : places.toReversed();
    if (source && other) {
      return new CopyRequest(source, paths, [other]);
    }
  }
  const source = environmentOf(uri);
  if (!source) {
    throw new Canceled();
  }
  return new CopyRequest({ ...source, name: nameOf(services, source) }, paths);
}

/** The settings that the selection touches; without a selection, the one at the cursor. */
function pathsAtCursor(uri: vscode.Uri): readonly JsonPath[] {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  if (!editor) {
    return [];
  }
  const { document, selections } = editor;
  const text = document.getText();
  const found = selections.flatMap((selection) => {
    if (selection.isEmpty) {
      return [keyPathAt(text, document.offsetAt(selection.active))];
    }
    const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
    return outlineOf(text)
      .filter(({ whole }) => whole.offset < end && whole.offset + whole.length > start)
      .map(({ path }) => path);
  });
  const paths = found.map(copiedPath).filter((path) => path !== undefined);
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** The environment's last known name, because a file name lacks some characters. */
const nameOf = ({ marks }: CommandServices, { connectionId, environment, name }: EnvironmentTarget): string =>
  marks.nameOf(connectionId, environment.id) ?? name;
