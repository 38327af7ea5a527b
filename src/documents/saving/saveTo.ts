import type * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { shortName } from '../../operations/review/review';
import { namesOf } from '../uris/addresses';
import { parseDocumentUri } from '../uris/uri';

/** The button that saves a document: it names the environment, or where a draft creates one. */
export function saveTo(uri: vscode.Uri): string {
  const target = parseDocumentUri(uri)?.target;
  if (!target) {
    return createIn(uri);
  }
  const name = target.kind === 'settings' ? target.name : namesOf(uri, true)?.environment;
  return asText(`Save to ${shortName(name ?? `environment ${target.environment.id}`)}`);
}

/** The button that creates the environment of a draft. */
export function createIn(uri: vscode.Uri): string {
  const names = namesOf(uri);
  return asText(`Create in ${shortName(names?.organization ?? names?.connection ?? 'PostHog')}`);
}
