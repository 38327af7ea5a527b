import * as vscode from 'vscode';
import { asText } from '../json/visibleText';

/**
 * A tooltip with lines of the form `label: value`, or just the value if the label is empty. Values are text, never
 * markup.
 */
export function tooltipOf(
  title: string,
  rows: readonly (readonly [label: string, value: string | undefined])[],
): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(`**${unlinked(title)}**`);
  for (const [label, value] of rows) {
    if (value !== undefined && value !== '') {
      markdown.appendMarkdown((label === '' ? '\n\n' : `\n\n${label}: `) + unlinked(value));
    }
  }
  return markdown;
}

/**
 * Text as Markdown in which nothing becomes a link, neither addresses of pages nor of people, and no name of a character
 * becomes the character. VS Code would show the backslashes of an address whose characters are escaped.
 */
export const unlinked = (text: string): string =>
  new vscode.MarkdownString()
    .appendText(asText(text))
    .value.replace(/&(?!nbsp;)|:(?=\/\/)|(?<=www)\.|@/gi, (character) => `&#${character.charCodeAt(0)};`);

/** Plain text for a place that expects Markdown. */
export function sentence(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(asText(text).replace(/[\\`*_{}[\]()#+!~<>&|-]/g, '\\$&'));
}
