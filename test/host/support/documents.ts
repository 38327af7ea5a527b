import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri, type DocumentTarget } from '../../../src/documents/uris/uri';
import { DEVELOPMENT, PRODUCTION, SHOP, type HostBench, closeEditors, until } from './bench';

/** The target of Production's settings document. */
export function settingsOf(bench: HostBench, id = PRODUCTION, name = 'Production'): DocumentTarget {
  const projectId = bench.sandbox.generation === 'current' ? id : SHOP;
  return { kind: 'settings', connectionId: bench.connectionId, environment: { id, projectId }, name };
}

/** The target of a table document in Development. */
export function tableOf(bench: HostBench, name: string): DocumentTarget {
  const table = bench.control.tables(DEVELOPMENT).find((one) => one.name === name);
  assert.ok(typeof table?.id === 'string', `there's no table ${name}`);
  return { ...settingsOf(bench, DEVELOPMENT), kind: 'table', tableId: table.id, name };
}

/** Opens a document in an editor, like a restored tab or a link. */
export async function openDocument(target: DocumentTarget | vscode.Uri): Promise<vscode.TextDocument> {
  const uri = target instanceof vscode.Uri ? target : documentUri(target);
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  assert.ok(document, `${uri.path} didn't open`);
  return document;
}

/** Closes all editors and waits until a document is closed. */
export async function close(document: vscode.TextDocument): Promise<void> {
  await closeEditors();
  await until(vscode.workspace.onDidCloseTextDocument, () => document.isClosed, 'a closed document');
}

/** Types: replaces the first occurrence of a text, and waits until the host knows that the document is dirty. */
export async function replaceIn(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const offset = document.getText().indexOf(from);
  assert.ok(offset >= 0, `there's no ${from} in ${document.uri.path}`);
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + from.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit), "the edit wasn't applied");
  await until(vscode.workspace.onDidChangeTextDocument, () => document.isDirty, 'a dirty document');
}

/** Replaces the whole text. */
export async function setText(document: vscode.TextDocument, text: string): Promise<void> {
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, whole, text);
  assert.ok(await vscode.workspace.applyEdit(edit), "the edit wasn't applied");
}

/** The document as JSON. */
export function valueOf(document: vscode.TextDocument): Record<string, unknown> {
  return JSON.parse(document.getText()) as Record<string, unknown>;
}

/** Saves through the file system with the document's text, and returns why it was refused. */
export async function refusalOf(document: vscode.TextDocument): Promise<string> {
  try {
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(document.getText()));
  } catch (error) {
    assert.ok(error instanceof vscode.FileSystemError, String(error));
    return error.message;
  }
  return assert.fail("the save wasn't refused");
}

/** Waits until an editor shows something. */
export async function shows(document: vscode.TextDocument, text: string): Promise<void> {
  await until(
    vscode.workspace.onDidChangeTextDocument,
    () => document.getText().includes(text),
    `the editor to show ${text}`,
  );
}
