import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { OrganizationEntry } from '../../directory/entries';
import { organizationsOf, projectsOf } from '../../directory/lookup';
import { mayCreate } from '../../directory/rules';
import { draftUri, type DraftTarget } from '../../documents/uris/draftUri';
import { showDocument } from '../../documents/showDocument';
import { selectRange } from '../../documents/selectRange';
import { replacing, wholeOf } from '../../documents/textEdits';
import { PostHogError } from '../../posthog/errors';
import { formatDocument } from '../../settings/document';
import { duplicateDocument, leftOutText } from '../../settings/duplicate';
import { copyName } from '../../settings/newEnvironment';
import { withLateCancel } from '../../ui/lateProgress';
import type { Command, CommandServices } from '../command';
import { requireScope } from '../batch';
import { organizationNames } from '../../documents/uris/placeNames';
import { purposeIn, whereText } from '../placeNames';
import { connectionTarget, entryOf, environmentTarget, incomplete, picked } from '../targets';
import { nothingSent } from '../../posthog/outcomePhrases';

/** Where to create the new environment, and the title of its tab. */
type Place = Omit<DraftTarget, 'kind' | 'createdAtMs'>;

/** Opens a draft. Nothing is sent until it is saved. */
export const createEnvironment: Command = {
  async run(services, target) {
    const place = await placeTarget(services, target);
    const editor = await openDraft(services, place);
    const text = editor.document.getText();
    const inName = editor.document.positionAt(text.indexOf('""') + 1);
    await selectRange(
      editor,
      new vscode.Range(inName, inName),
      vscode.TextEditorRevealType.InCenterIfOutsideViewport,
    );
  },
};

/** Opens a draft with the settings of another environment. */
export const duplicateEnvironment: Command = {
  async run(services, target) {
    const { prompts, connections } = services;
    const { connectionId, environment, name } = await environmentTarget(services, target, 'project:write');
    requireCreation(services, connectionId);
    const client = await connections.client(connectionId);
    const detail = await withLateCancel(
      `Reading the settings of ${whereText(services, { connectionId, environment }, name)}`,
      (signal) => client.getEnvironment(environment, signal),
    );
    const organizationId = detail.organization ?? environment.organizationId;
    if (organizationId === undefined) {
      throw noOrganization();
    }
    const entry = entryOf(target);
    const siblings = entry?.kind === 'environment' ? services.directory.list(entry.parent).items : [];
    const taken = siblings.flatMap((one) => (one.kind === 'environment' ? [one.basic.name] : []));
    const { document, leftOut } = duplicateDocument(
      detail.raw,
      copyName(detail.name, taken),
      client.profile?.generation ?? 'current',
    );
    const editor = await openDraft(services, {
      connectionId,
      organizationId,
      ...(client.profile?.generation === 'documented' && { projectId: detail.project_id }),
      name: `Copy of ${detail.name}`,
    });
    // Inserted as an edit, so that the draft is dirty from the start: VS Code backs it up and asks before closing it.
    await replaceAll(editor, formatDocument(document));
    if (leftOut.length > 0) {
      await prompts.notify(
        'information',
        `Not copied from "${detail.name}": ${leftOutText(leftOut)}. These belong to one environment or can't be set on creation. Save the document to create the copy.`,
      );
    }
  },
};

/** The title of a draft in a project. The tab shows the organization anyway. */
const titleIn = (project: string): string => `New environment in ${project}`;

let newestDraftMs = 0;

async function openDraft(services: CommandServices, place: Place): Promise<vscode.TextEditor> {
  newestDraftMs = Math.max(Date.now(), newestDraftMs + 1);
  const target: DraftTarget = { kind: 'new', ...place, createdAtMs: newestDraftMs };
  const uri = draftUri(target, organizationNames(services, place));
  return showDocument(uri, { preview: false });
}

async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  await vscode.workspace.applyEdit(replacing(document, wholeOf(document), text));
  const name = document.positionAt(document.getText().indexOf('"name": "') + '"name": "'.length);
  const line = document.lineAt(name.line).range.end;
  await selectRange(
    editor,
    new vscode.Range(name, line.translate(0, -Math.min(2, line.character))),
    vscode.TextEditorRevealType.Default,
    new vscode.Range(0, 0, 0, 0),
  );
}

/** Reports that the key can't create environments, before anything is asked. @throws PostHogError */
function requireCreation(services: CommandServices, connectionId: string): void {
  requireScope(services, connectionId, 'project:write');
  const connection = services.connections.get(connectionId);
  if (!mayCreate(services.connections, connectionId)) {
    throw new PostHogError({
      kind: 'key-restricted',
      connectionId,
      what: `The API key of "${connection?.label ?? ''}" is limited to certain environments and can't create new ones.`,
      why: nothingSent,
      remedy: "Replace the key with one that isn't limited to projects.",
    });
  }
}

function noOrganization(): PostHogError {
  return new PostHogError({
    kind: 'key-restricted',
    what: "Couldn't determine the organization of the new environment.",
    why: "The API key can't list organizations.",
    remedy: 'Add the scope organization:read to the key in PostHog and refresh the connection.',
  });
}

/**
 * The organization or project to create in: from the row the command was run on, the only one, or the user's choice.
 */
async function placeTarget(services: CommandServices, target: unknown): Promise<Place> {
  const entry = entryOf(target);
  if (entry?.kind === 'project' && entry.organizationId !== undefined) {
    const { connectionId, organizationId, projectId, name } = entry;
    requireCreation(services, connectionId);
    return { connectionId, organizationId, projectId, name: titleIn(name) };
  }
  if (entry?.kind === 'organization') {
    return organizationPlace(services, entry);
  }
  const connection = await connectionTarget(services, target);
  return organizationPlace(services, await pickOrganization(services, connection));
}

async function pickOrganization(
  services: CommandServices,
  connection: Connection,
): Promise<OrganizationEntry> {
  requireCreation(services, connection.id);
  const list = { isCut: false };
  const organizations = await organizationsOf(services.directory, connection.id, {
    onCut: () => (list.isCut = true),
  });
  const [only] = organizations;
  if (!only) {
    throw noOrganization();
  }
  return organizations.length === 1
    ? only
    : picked(
        await services.prompts.pick(
          organizations.map((value) => ({
            label: value.organization.name,
            iconPath: new vscode.ThemeIcon('organization'),
            value,
          })),
          {
            title: purposeIn(services, connection.id),
            placeHolder: `Choose an organization${list.isCut ? incomplete : ''}`,
          },
        ),
      );
}

async function organizationPlace(services: CommandServices, entry: OrganizationEntry): Promise<Place> {
  const { connectionId, organizationId, organization } = entry;
  requireCreation(services, connectionId);
  const client = await services.connections.client(connectionId);
  const inOrganization = { connectionId, organizationId, name: 'New environment' };
  if (client.profile?.generation === 'current') {
    return inOrganization;
  }
  const list = { isCut: false };
  const projects = await withLateCancel(`Getting the projects of ${organization.name}`, (signal) =>
    projectsOf(client, entry, () => (list.isCut = true), signal),
  );
  const [only] = projects;
  if (!only) {
    return inOrganization;
  }
  const project =
    projects.length === 1
      ? only
      : picked(
          await services.prompts.pick(
            projects.map((value) => ({
              label: value.name,
              description: String(value.id),
              iconPath: new vscode.ThemeIcon('project'),
              value,
            })),
            {
              title: purposeIn(services, connectionId, organization.name),
              placeHolder: `Choose a project${list.isCut ? incomplete : ''}`,
            },
          ),
        );
  return { connectionId, organizationId, projectId: project.id, name: titleIn(project.name) };
}
