import * as v from 'valibot';
import * as vscode from 'vscode';

/** A setting of a document, as referenced by a link in a hover or a lens. */
const linkSchema = v.object({ uri: v.string(), path: v.pipe(v.array(v.string()), v.minLength(1)) });

/** The setting of the link that ran a command. */
export function settingLink(target: unknown): { uri: vscode.Uri; path: readonly string[] } | undefined {
  const link = v.safeParse(linkSchema, target);
  return link.success ? { uri: vscode.Uri.parse(link.output.uri), path: link.output.path } : undefined;
}
