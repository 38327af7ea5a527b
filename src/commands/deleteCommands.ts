import { setTimeout as delay } from 'node:timers/promises';
import { closeDocumentsOf } from '../documents/tabs';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, PostHogError, restate } from '../posthog/errors';
import type { EnvironmentDetail } from '../posthog/models';
import { withStatus } from '../ui/progress';
import { ConnectionNode, OrganizationNode } from '../views/tree/connectionNodes';
import { EnvironmentNode } from '../views/tree/environmentNodes';
import { TreeNode } from '../views/tree/node';
import { TableNode } from '../views/tree/tableNodes';
import type { Command, CommandServices } from './command';
import { byKeyboard, focusedRows } from './focusedRows';
import { selectedNodes, withProgress } from './operation';
import { environmentTarget, picked, type EnvironmentTarget } from './targets';
import { runCommand } from '../ui/commandIds';

/** How long a deletion is watched, in seconds from one look at the server to the next: four minutes in all. */
const pausesSeconds = [1, 2, 3, 4, 5, 5, 10, 10, 20, 30, 30, 60, 60];

/** An environment that is being deleted, with what its steps need. */
interface Deletion {
  services: CommandServices;
  client: PostHogClient;
  target: EnvironmentTarget;
  /** The row it was asked for on, which need not be selected; from the palette there is none. */
  row: TreeNode | undefined;
  name: string;
}

/** The Delete key: what it does depends on the selected row. */
export const deleteSelected: Command = {
  async run({ tree }, target) {
    const rows = target === byKeyboard ? await focusedRows({ tree }) : tree.selection;
    const [first] = rows;
    const verbs = [
      ['removeConnection', ConnectionNode],
      ['deleteEnvironment', EnvironmentNode],
      ['deleteTable', TableNode],
    ] as const;
    const verb = verbs.find(([, type]) => first instanceof type)?.[0];
    if (verb) {
      await runCommand(verb, first, rows);
    }
  },
};

export const deleteEnvironment: Command = {
  async run(services, target, selection) {
    if (selectedNodes(services, target, selection, EnvironmentNode).length > 1 && target !== undefined) {
      await services.prompts.tell(
        'information',
        'Environments are deleted one at a time, because the name of each has to be typed. Select one.',
      );
      return;
    }
    const environment = await environmentTarget(services, target, 'project:write');
    const client = await services.connections.client(environment.connectionId);
    const deletion: Deletion = {
      services,
      client,
      target: environment,
      row: target instanceof TreeNode ? target : undefined,
      name: environment.name,
    };
    const found = await withStatus(`Looking at ${environment.name}`, (signal) => look(deletion, signal));
    if (found === 'gone') {
      await finish(deletion, `"${environment.name}" is gone already: somebody has deleted it.`);
      return;
    }
    deletion.name = found.detail.name;
    refuseMembers(deletion, found.detail);
    const pending = found.detail.is_pending_deletion === true;
    if (!pending) {
      await askForName(deletion, found.detail);
    }
    const outcome = await withProgress(`Deleting "${deletion.name}"`, (report, signal) => {
      report(pending ? 'PostHog is at it already' : 'asking PostHog');
      return carryOut(deletion, pending, report, signal);
    });
    if (outcome === 'gone') {
      await finish(deletion, `"${deletion.name}" was deleted.`);
    } else {
      await services.prompts.tell(
        'information',
        outcome === 'stopped'
          ? `PostHog goes on deleting "${deletion.name}"; only the waiting was stopped. A deletion cannot be called back. Refresh the list to see whether it is done.`
          : `PostHog is still deleting "${deletion.name}", which can take a while. Refresh the list to see whether it is done.`,
      );
    }
  },
};

type Sight = 'gone' | { detail: EnvironmentDetail };

/** Whether the environment is (still) there. */
async function look({ client, target }: Deletion, signal: AbortSignal): Promise<Sight> {
  try {
    return { detail: await client.getEnvironment(target.environment, signal) };
  } catch (error) {
    if (isPostHogError(error) && error.kind === 'not-found') {
      return 'gone';
    }
    throw error;
  }
}

/** API facts 4.7: only admins may; a member whose level in the project is admin may too (4.3). */
function refuseMembers({ name }: Deletion, detail: EnvironmentDetail): void {
  const level = detail.effective_membership_level;
  if (level !== undefined && level < 8 && detail.user_access_level !== 'admin') {
    throw new PostHogError({
      kind: 'forbidden',
      what: `The API key may not delete "${name}": it belongs to a member, and only administrators may.`,
      why: 'Nothing was sent.',
      remedy: 'Ask an administrator of the organization.',
    });
  }
}

async function askForName(deletion: Deletion, detail: EnvironmentDetail): Promise<void> {
  const { client, services } = deletion;
  const { name, id } = detail;
  const whole = client.profile?.generation === 'current' ? 'the whole project' : 'the environment';
  const organization = organizationName(deletion);
  const place = organization === undefined ? '' : ` of ${organization}`;
  picked(
    await services.prompts.ask({
      title: `Delete Environment ${name} (${id})`,
      prompt: `This deletes ${whole} "${name}"${place} and all its data: events, persons, recordings, dashboards, flags${await tablesOf(deletion)}. It cannot be undone. Type the name to confirm.`,
      placeHolder: name,
      validate: (text) =>
        text === name ? undefined : `Type ${JSON.stringify(name)} exactly as it is written, or press Esc.`,
    }),
  );
}

/** How much would go with it, where the key may know. */
async function tablesOf({ client, target }: Deletion): Promise<string> {
  try {
    const page = { offset: 0, limit: 1 };
    const { total } = await client.listTables(target.environment, page, AbortSignal.timeout(5000));
    return total === 0 ? ' and all else' : ` and ${total} warehouse table${total === 1 ? '' : 's'}`;
  } catch (error) {
    if (isPostHogError(error)) {
      return ' and warehouse tables';
    }
    throw error;
  }
}

function organizationName({ services, target, row }: Deletion): string | undefined {
  const { organizationId } = target.environment;
  for (const start of row ? [row] : services.tree.selection) {
    for (let node: TreeNode | undefined = start; node; node = node.parent) {
      if (node instanceof OrganizationNode && node.organizationId === organizationId) {
        return node.organization.name;
      }
    }
  }
  return undefined;
}

/** Deletes, and watches until the server has finished, the person has seen enough, or it takes too long. */
async function carryOut(
  deletion: Deletion,
  pending: boolean,
  report: (message: string) => void,
  signal: AbortSignal,
): Promise<'gone' | 'stopped' | 'pending'> {
  if (!pending && !(await send(deletion))) {
    return 'gone';
  }
  let told = false;
  for (const pauseSeconds of [0, ...pausesSeconds]) {
    report('PostHog is removing its data. Cancel stops the waiting, not the deletion.');
    try {
      await delay(pauseSeconds * 1000, undefined, { signal });
    } catch {
      return 'stopped'; // The only way a pause fails is the person's Cancel.
    }
    const seen = await lookWhileDeleting(deletion, signal);
    if (seen === 'gone') {
      return 'gone';
    }
    if (seen && !told) {
      told = true;
      const { connectionId, environment } = deletion.target;
      deletion.services.changes.tell({ kind: 'environment', connectionId, environment, detail: seen.detail });
      await closeDocumentsOf(connectionId, environment.id);
    }
  }
  return signal.aborted ? 'stopped' : 'pending';
}

/** One look at a deletion that is under way; a look that fails says nothing about the deletion. */
async function lookWhileDeleting(deletion: Deletion, signal: AbortSignal): Promise<Sight | undefined> {
  try {
    return await look(deletion, signal);
  } catch (error) {
    if (isPostHogError(error)) {
      deletion.services.log.info(`The deletion could not be looked at: ${error.message}`);
      return undefined;
    }
    throw error;
  }
}

/**
 * Sends the deletion, which cannot be cancelled once it is on its way.
 *
 * @returns false when the environment is gone already
 * @throws PostHogError when it stays
 */
async function send(deletion: Deletion): Promise<boolean> {
  const { client, target, name } = deletion;
  const { signal } = new AbortController();
  try {
    await client.deleteEnvironment(target.environment, signal);
    return true;
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    const detail = error.detail ?? '';
    if (error.kind === 'not-found') {
      return false;
    }
    if (/already being deleted/i.test(detail)) {
      return true;
    }
    if (error.mayHaveBeenApplied) {
      return lookAfter(deletion, error, signal);
    }
    throw restate(error, {
      what: `"${name}" was not deleted.`,
      ...(error.kind === 'validation' && { remedy: remedyFor(detail) }),
    });
  }
}

/** What became of a deletion whose answer was lost. */
async function lookAfter(deletion: Deletion, error: PostHogError, signal: AbortSignal): Promise<boolean> {
  let seen: Sight;
  try {
    seen = await look(deletion, signal);
  } catch {
    throw restate(error, {
      what: `It is not known whether "${deletion.name}" is being deleted. ${error.what}`,
      remedy: 'Refresh the list when PostHog can be reached.',
    });
  }
  if (seen === 'gone') {
    return false;
  }
  if (seen.detail.is_pending_deletion === true) {
    return true;
  }
  throw restate(error, {
    what: `"${deletion.name}" was not deleted. ${error.what}`,
    remedy: 'PostHog was asked again and still has it. Try again.',
  });
}

function remedyFor(detail: string): string {
  if (/subscription/i.test(detail)) {
    return 'Cancel the subscription on the billing page of PostHog first, or create another environment before you delete this one.';
  }
  if (/temporarily|migration/i.test(detail)) {
    return 'Try again later.';
  }
  return /warehouse/i.test(detail)
    ? 'Detach the managed warehouse in PostHog first.'
    : 'Do in PostHog what it asks for, then try again.';
}

/** Takes an environment that is gone out of the tree and its clean documents out of the editor. */
async function finish({ services, target }: Deletion, message: string): Promise<void> {
  const { connectionId, environment } = target;
  const kept = await closeDocumentsOf(connectionId, environment.id);
  services.changes.tell({
    kind: 'environments',
    connectionId,
    organizationId: environment.organizationId,
    removedEnvironmentId: environment.id,
  });
  const rest =
    kept.length === 0
      ? ''
      : ` Unsaved text stays open in ${new Intl.ListFormat('en').format(kept)}; there is nothing left to save it to.`;
  await services.prompts.tell('information', message + rest);
}
