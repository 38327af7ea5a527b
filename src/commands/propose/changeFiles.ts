import * as vscode from 'vscode';
import { isChangeFile } from '../../documents/settingsFile/changeFileNames';
import { changeFileExtension } from '../../operations/settingsFile/changeFile';
import type { CommandServices } from '../command';
import { picked } from '../targets';

/**
 * The change file that a command applies to: its argument's, the active editor's, or the user's choice.
 *
 * @throws Canceled
 */
export async function changeFileOf(services: CommandServices, target: unknown): Promise<vscode.Uri> {
  const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
  return uri && isChangeFile(uri) ? uri : pickChangeFile(services);
}

/** Asks for a file: one of the workspace, or any other. @throws Canceled */
async function pickChangeFile({ prompts, purpose }: CommandServices): Promise<vscode.Uri> {
  const found = await vscode.workspace.findFiles(`**/*${changeFileExtension}`, '**/node_modules/**', 200);
  const chosen =
    found.length === 0
      ? 'browse'
      : picked(
          await prompts.pick<vscode.Uri | 'browse'>(
            [
              ...found
                .map((value) => ({ label: vscode.workspace.asRelativePath(value), value }))
                .sort((left, right) => left.label.localeCompare(right.label)),
              { label: 'Choose File…', value: 'browse', alwaysShow: true },
            ],
            { title: purpose, placeHolder: 'Choose a proposed change' },
          ),
        );
  return chosen === 'browse'
    ? picked(await prompts.openFile({ title: purpose, filters: { 'PostHog Changes': ['json'] } }))
    : chosen;
}
