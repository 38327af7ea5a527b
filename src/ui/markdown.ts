import * as vscode from 'vscode';
import { asLines, asText } from '../json/visibleText';

/** A tooltip of lines `label: value`, or only the value where the label is empty; values are text, never markup. */
export function tooltipOf(
  title: string,
  rows: readonly (readonly [label: string, value: string | undefined])[],
): vscode.MarkdownString {
  const markdown = heading(title);
  for (const [label, value] of rows) {
    if (value !== undefined && value !== '') {
      markdown.appendMarkdown(label === '' ? '\n\n' : `\n\n${label}: `).appendText(asText(value));
    }
  }
  return markdown;
}

/** A hover over a value: what it is called, its type, and the value as it is. */
export function valueHover(name: string, type: string | undefined, value?: string): vscode.MarkdownString {
  const markdown = heading(name);
  if (type !== undefined) {
    markdown.appendText(` ${asText(type)}`);
  }
  return value === undefined ? markdown : markdown.appendCodeblock(asLines(value), 'plaintext');
}

/** One sentence for a place that takes markdown. */
export function sentence(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(asText(text).replace(/[\\`*_{}[\]()#+!~<>&|-]/g, '\\$&'));
}

function heading(title: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendMarkdown('**').appendText(asText(title)).appendMarkdown('**');
}
