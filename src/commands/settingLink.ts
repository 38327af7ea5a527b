import * as v from 'valibot';
import * as vscode from 'vscode';

/** A setting of a document, as a link in a hover or a lens names it. */
const linkSchema = v.object({ uri: v.string(), path: v.pipe(v.array(v.string()), v.minLength(1)) });

/** The setting a command was called on by a link. */
export function settingLink(target: unknown): { uri: vscode.Uri; path: readonly string[] } | undefined {
  const link = v.safeParse(linkSchema, target);
  return link.success ? { uri: vscode.Uri.parse(link.output.uri), path: link.output.path } : undefined;
}
