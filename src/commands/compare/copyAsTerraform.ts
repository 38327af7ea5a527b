import * as vscode from 'vscode';
import { terraformOf } from '../../operations/terraform';
import { settingsDocument } from '../../settings/document';
import { withLateCancel } from '../../ui/lateProgress';
import { showInStatusBar } from '../../ui/statusMessages';
import type { Command } from '../command';
import { whereText } from '../placeNames';
import { copyRequestOf } from './copyTargets';

/** Copies settings of an environment, a group or a selection as a Terraform resource. */
export const copyAsTerraform: Command = {
  async run(services, target) {
    const request = await copyRequestOf(services, target);
    const { connectionId, environment, name } = request.source;
    const client = await services.connections.client(connectionId);
    const detail = await withLateCancel(
      `Reading the settings of ${whereText(services, request.source, name)}`,
      (signal) => client.getEnvironment(environment, signal),
    );
    const settings = settingsDocument(detail.raw);
    const source = { connectionId, environment, name: detail.name };
    await vscode.env.clipboard.writeText(terraformOf(source, settings, request.pathsIn(settings)));
    showInStatusBar('clippy', `Copied ${request.what} of ${detail.name} as Terraform`);
  },
};
