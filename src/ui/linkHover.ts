import * as vscode from 'vscode';

/** A hover that consists of one link to a web page. */
export const linkHover = (text: string, url: string): vscode.Hover =>
  new vscode.Hover(new vscode.MarkdownString(`[${text}](${vscode.Uri.parse(url, true).toString()})`));
