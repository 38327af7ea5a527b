import * as vscode from 'vscode';
import { commandName, type CommandId } from './commandIds';

/** A link in a hover: to a web page or a command. */
export type HoverLink =
  | { readonly text: string; readonly url: string }
  | { readonly text: string; readonly command: CommandId; readonly args: unknown };

/** A hover that consists of links. */
export function linkHover(links: readonly HoverLink[]): vscode.Hover {
  const text = links
    .map((link) => {
      const target =
        'url' in link
          ? vscode.Uri.parse(link.url, true).toString()
          : `command:${commandName(link.command)}?${encodeURIComponent(JSON.stringify([link.args]))}`;
      return `[${link.text}](${target})`;
    })
    .join(' · ');
  const markdown = new vscode.MarkdownString(text);
  markdown.isTrusted = {
    enabledCommands: links.flatMap((link) => ('command' in link ? [commandName(link.command)] : [])),
  };
  return new vscode.Hover(markdown);
}
