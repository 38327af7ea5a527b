import * as vscode from 'vscode';
import { asLines } from '../json/visibleText';
import { unlinked } from './markdown';

/** The hover of a value: its name, its type, and the full value. */
export function valueHover(name: string, type: string | undefined, value?: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(
    `**${unlinked(name)}**${unlinked(type === undefined ? '' : ` ${type}`)}`,
  );
  return value === undefined ? markdown : markdown.appendCodeblock(asLines(value), 'plaintext');
}
