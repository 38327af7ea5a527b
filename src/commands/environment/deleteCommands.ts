import { closeDocumentsOf } from '../../documents/tabs';
import { entryAround, type Entry } from '../../directory/entries';
import type { PostHogClient } from '../../posthog/client';
import { deleteEnvironment as deleteOnServer } from '../../operations/deleteEnvironment';
import { isPostHogError, PostHogError } from '../../posthog/errors';
import type { EnvironmentDetail } from '../../posthog/models';
import { withStatus } from '../../ui/progress';
import type { Command, CommandServices } from '../command';
import { byKeyboard, focusedRows } from '../focusedTreeItems';
import { selectedEntries, withProgress } from '../batch';
import { entryOf, environmentTarget, picked, type EnvironmentTarget } from '../targets';
import { watchedMs, type DeletionWatch } from './deletionWatch';
import { documentUri } from '../../documents/uri';
import { isCloud } from '../../posthog/origin';
import { runCommand } from '../../ui/commandIds';
import { showOutcome } from '../../ui/failureNotification';
import { isAhead, shortTime } from '../../ui/times';

/** An environment that is to be deleted, with what its steps need. */
interface Deletion {
  services: CommandServices;
  client: PostHogClient;
  watch: DeletionWatch;
  target: EnvironmentTarget;
  /** The entry whose row it was asked for on, which need not be selected; from the palette there is none. */
  entry: Entry | undefined;
  name: string;
}

/** The Delete key: what it does depends on the selected row. */
export const deleteSelected: Command = {
  async run({ tree }, target) {
    const rows = target === byKeyboard ? await focusedRows({ tree }) : tree.selection;
    const [first] = rows;
    const verbs = {
      connection: 'removeConnection',
      environment: 'deleteEnvironment',
      table: 'deleteTable',
    } as const;
    const kind = entryOf(first)?.kind;
    const verb =
      kind === 'connection' || kind === 'environment' || kind === 'table' ? verbs[kind] : undefined;
    if (verb) {
      await runCommand(verb, first, rows);
    }
  },
};

export const deleteEnvironment: Command = {
  async run(services, target, selection) {
    if (selectedEntries(services, target, selection, 'environment').length > 1 && target !== undefined) {
      await services.prompts.tell(
        'information',
        'Environments are deleted one at a time, because the name of each has to be typed. Select one.',
      );
      return;
    }
    const environment = await environmentTarget(services, target, 'project:write');
    const deletion: Deletion = {
      services,
      client: await services.connections.client(environment.connectionId),
      watch: await services.deletions(),
      target: environment,
      entry: entryOf(target),
      name: environment.name,
    };
    const { watch } = deletion;
    const found = await withStatus(`Looking at ${environment.name}`, (signal) =>
      watch.look(environment, signal),
    );
    if (found === 'gone') {
      await watch.finish(environment, `"${environment.name}" is gone already: somebody has deleted it.`);
      return;
    }
    deletion.name = found.detail.name;
    refuseMembers(deletion, found.detail);
    if (found.detail.is_pending_deletion !== true) {
      await askForName(deletion, found.detail);
      const outcome = await withProgress(`Deleting "${deletion.name}"`, () =>
        deleteOnServer(deletion.client, environment.environment, deletion.name),
      );
      if (outcome.kind !== 'applied') {
        await showOutcome(outcome, services);
        return;
      }
      const { state, isOurs } = outcome.result;
      if (isOurs) {
        services.receipts.tell({
          done: 'Started the deletion of',
          connectionId: environment.connectionId,
          environmentId: environment.environment.id,
          name: deletion.name,
        });
      }
      if (state === 'gone') {
        await watch.finish(environment, `"${deletion.name}" was deleted.`);
        return;
      }
    }
    await follow(deletion);
  },
};

/** Shows what PostHog does with a deletion that it has accepted. */
async function follow({ services, target, watch, name }: Deletion): Promise<void> {
  const { connectionId, environment } = target;
  const seen = await watch.show(target);
  if (seen === 'gone') {
    await watch.finish(target, `"${name}" was deleted.`);
    return;
  }
  await closeDocumentsOf(connectionId, environment.id);
  const deletion_scheduled_at = seen?.detail.deletion_scheduled_at;
  // What is due at once, or has been due, is no appointment: PostHog is at it.
  if (deletion_scheduled_at === undefined || !isAhead(deletion_scheduled_at, watchedMs)) {
    watch.watch({ ...target, name });
    return;
  }
  const answer = await services.prompts.tell(
    'information',
    `PostHog will delete "${name}" on ${shortTime(deletion_scheduled_at)}. Until then, you can cancel the deletion in PostHog.`,
    'Open in PostHog',
  );
  if (answer !== undefined) {
    await runCommand('openInPostHog', documentUri(target));
  }
}

/** API facts 4.7: only admins may; a member whose level in the project is admin may too (4.3). */
function refuseMembers({ name }: Pick<Deletion, 'name'>, detail: EnvironmentDetail): void {
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
      prompt: `This deletes ${whole} "${name}"${place} and all its data: events, persons, recordings, dashboards, flags${await tablesOf(deletion)}. ${finality(deletion)} Type the name to confirm.`,
      placeHolder: name,
      validate: (text) =>
        text === name ? undefined : `Type ${JSON.stringify(name)} exactly as it is written, or press Esc.`,
    }),
  );
}

/** Whether the deletion can be called back: PostHog Cloud schedules it 48 hours ahead (API facts 9.3). */
function finality({ client, services, target }: Deletion): string {
  if (client.profile?.generation !== 'current') {
    return 'It cannot be undone.';
  }
  return isCloud(services.connections.get(target.connectionId)?.origin ?? '')
    ? 'PostHog waits 48 hours before it deletes a project with data; until then, you can cancel the deletion in PostHog.'
    : 'Servers that schedule deletions let you cancel in PostHog until then; on others, it cannot be undone.';
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

function organizationName({ services, target, entry }: Deletion): string | undefined {
  const { organizationId } = target.environment;
  return (entry ? [entry] : services.tree.selection.map(entryOf))
    .map((one) => entryAround(one, 'organization'))
    .find((one) => one?.organizationId === organizationId)?.organization.name;
}
