import * as vscode from 'vscode';
import { asLines, asText } from '../json/visibleText';

/**
 * A tooltip with lines of the form `label: value`, or just the value if the label is empty. Values are text, never
 * markup.
 */
export function tooltipOf(
  title: string,
  rows: readonly (readonly [label: string, value: string | undefined])[],
): vscode.MarkdownString {
  const markdown = heading(title);
  for (const [label, value] of rows) {
    if (value !== undefined && value !== '') {
      markdown.appendMarkdown((label === '' ? '\n\n' : `\n\n${label}: `) + unlinked(value));
    }
  }
  return markdown;
}

/** Text as Markdown that doesn't become a link: in addresses, VS Code would show the backslashes of what is escaped. */
const unlinked = (text: string): string =>
  new vscode.MarkdownString().appendText(asText(text)).value.replaceAll('://', '&#58;//');

/** The hover of a value: its name, its type, and the full value. */
export function valueHover(name: string, type: string | undefined, value?: string): vscode.MarkdownString {
  const markdown = heading(name);
  if (type !== undefined) {
    markdown.appendText(` ${asText(type)}`);
  }
  return value === undefined ? markdown : markdown.appendCodeblock(asLines(value), 'plaintext');
}

/** Plain text for a place that expects Markdown. */
export function sentence(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(asText(text).replace(/[\\`*_{}[\]()#+!~<>&|-]/g, '\\$&'));
}

function heading(title: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendMarkdown('**').appendText(asText(title)).appendMarkdown('**');
}
