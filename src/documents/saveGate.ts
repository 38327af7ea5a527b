import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Prompts } from '../ui/prompts';
import { runCommand } from '../ui/commandIds';
import type { DocumentState } from './documentState';
import {
  confirmSettings,
  createQuestion,
  reasonToAsk,
  saveQuestion,
  type ConfirmSetting,
} from '../operations/saveQuestion';
import { SaveCancelled, type ConfirmSave } from '../operations/saveRefused';

/** What the confirmation of a save needs. */
export interface SaveGateServices {
  connections: Connections;
  marks: EnvironmentMarks;
  prompts: Prompts;
  signal: AbortSignal;
}

/** Confirmations are shown one at a time, in the order of the saves. */
let asking: Promise<unknown> = Promise.resolve();

/**
 * Asks before a save sends anything: F5 and build tasks save every document, and neither the save reason nor a language
 * setting tells such saves from Ctrl+S.
 *
 * @param isActive whether the document was in the active tab when its save began
 */
export function saveGate(services: SaveGateServices, state: DocumentState, isActive: boolean): ConfirmSave {
  return async (plan) => {
    const question = await questionOf(services, state, isActive, plan);
    if (!question) {
      return 'notAsked';
    }
    const turn = asking.then(() => ask(services, state, question));
    asking = turn.catch(() => undefined);
    return turn;
  };
}

interface Question {
  message: string;
  detail: string;
}

async function questionOf(
  { connections, marks, signal }: SaveGateServices,
  { target }: DocumentState,
  isActive: boolean,
  { changes, environmentName, doubts = [] }: Parameters<ConfirmSave>[0],
): Promise<Question | undefined> {
  const connection = connections.get(target.connectionId);
  const setting = confirmSetting();
  if (!connection || setting === 'never') {
    return undefined;
  }
  const host = connection.kind === 'sandbox' ? 'this computer' : connection.origin;
  if (target.kind === 'new') {
    const reason = reasonToAsk({ setting, isProtected: false, isActive });
    const name = changes.find(({ path }) => path[0] === 'name')?.to;
    const document = typeof name === 'string' ? `"${name}"` : 'of this draft';
    return reason === undefined
      ? undefined
      : createQuestion(reason, { document, host, connection: connection.label }, changes);
  }
  const { id, projectId } = target.environment;
  let name = environmentName ?? marks.nameOf(connection.id, id);
  if (name === undefined && isActive) {
    const client = await connections.client(connection.id);
    // An environment that can't be read may be a protected one.
    name = await client.getEnvironment({ id, projectId }, signal).then(
      (detail) => detail.name,
      () => undefined,
    );
  }
  const isProtected = marks.isProtected(connection, id, name);
  const reason = reasonToAsk({ setting, isProtected, isActive, isDoubtful: doubts.length > 0 });
  if (reason === undefined) {
    return undefined;
  }
  const environment = name === undefined ? String(id) : `${name} (${id})`;
  const place = name ?? `environment ${id}`;
  return saveQuestion(
    reason,
    {
      document: target.kind === 'table' ? `${target.name} in ${place}` : place,
      environment: isProtected ? `${environment}, protected` : environment,
      host,
      connection: connection.label,
    },
    changes,
    doubts,
  );
}

async function ask(
  { prompts, signal }: SaveGateServices,
  { uri, target }: DocumentState,
  { message, detail }: Question,
): Promise<'asked'> {
  if (signal.aborted) {
    throw new SaveCancelled();
  }
  if (target.kind === 'new') {
    if ((await prompts.confirm(message, { detail }, 'Create Environment')) === undefined) {
      throw new SaveCancelled();
    }
    return 'asked';
  }
  const answer = await prompts.confirm(message, { detail }, 'Save to PostHog', 'Show Changes');
  if (answer === 'Show Changes') {
    void runCommand('compare', uri);
    throw new SaveCancelled('Nothing was sent to PostHog. Review the changes, then save again to send them.');
  }
  if (answer === undefined) {
    throw new SaveCancelled();
  }
  return 'asked';
}

function confirmSetting(): ConfirmSetting {
  const value: unknown = vscode.workspace.getConfiguration('posthogEnvironments').get('save.confirm');
  return confirmSettings.find((one) => one === value) ?? 'protected';
}
