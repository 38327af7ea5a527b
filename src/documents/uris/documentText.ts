import type * as vscode from 'vscode';
import { namesOf } from './addresses';
import { parseDraftUri } from './draftUri';
import { parseDocumentUri } from './uri';

/** A document and where it belongs, from its address: `orders · Production · Hedgehog Outfitters · Work`. */
export function documentText(uri: vscode.Uri): string {
  const [, ...folders] = uri.path.split('/').reverse();
  const name = (parseDocumentUri(uri)?.target ?? parseDraftUri(uri))?.name ?? 'document';
  const places = namesOf(uri) ? folders.filter((folder) => folder !== '') : [];
  return [name, ...places].join(' · ');
}
