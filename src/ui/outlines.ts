import type * as vscode from 'vscode';
import { outlineOf, type OutlineEntry } from '../json/outline';

const outlines = new WeakMap<
  vscode.TextDocument,
  { readonly version: number; readonly entries: readonly OutlineEntry[] }
>();

/** The outline of a document's current text. VS Code asks several providers after each edit, but it's parsed once. */
export function outlineIn(document: vscode.TextDocument): readonly OutlineEntry[] {
  const known = outlines.get(document);
  if (known?.version === document.version) {
    return known.entries;
  }
  const entries = outlineOf(document.getText());
  outlines.set(document, { version: document.version, entries });
  return entries;
}
