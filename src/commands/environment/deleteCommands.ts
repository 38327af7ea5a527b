import { closeDocumentsOf } from '../../documents/tabs';
import { organizationNameOf } from '../../directory/organizationName';
import type { Action } from '../../operations/actions';
import { deleteEnvironment as deleteOnServer } from '../../operations/environment/deleteEnvironment';
import { planDeletion, type DeletionPlan } from '../../operations/environment/deletionPlan';
import { watchedMs } from '../../operations/environment/deletionWatch';
import {
  finalityText,
  isDeletedEnvironment,
  isGoneAlready,
  willBeDeleted,
} from '../../operations/phrases/environments';
import { withLateCancel } from '../../ui/lateProgress';
import type { Command, CommandServices } from '../command';
import { byKeyboard, focusedRows } from '../focusedTreeItems';
import { selectedEntries, withProgress } from '../batch';
import { entryOf, writableEnvironment, picked, type EnvironmentTarget } from '../targets';
import { showGone } from './deletions';
import { documentUri } from '../../documents/uris/uri';
import { showWithAction } from '../../ui/actionButtons';
import { runCommand } from '../../ui/commandIds';
import { showOutcome } from '../../ui/failureNotification';
import { isAhead, shortTime } from '../../ui/times';
import { whereText } from '../placeNames';
import { typedAs } from '../../json/visibleText';

/** The Delete key: the command depends on the selected row. */
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
      await services.prompts.notify(
        'information',
        'You can only delete one environment at a time, because you have to type its name. Select one environment.',
      );
      return;
    }
    const environment = await writableEnvironment(services, target, 'project:write');
    const plan = await withLateCancel(
      `Checking ${whereText(services, environment, environment.name)}`,
      (signal) => planDeletion(services, environment, signal),
    );
    if (plan.kind === 'gone') {
      await showGone(services, environment, isGoneAlready(environment.name));
      return;
    }
    const { name } = plan.detail;
    const named = { ...environment, name };
    if (plan.kind === 'ready') {
      await askForName(services, named, plan);
      const outcome = await withProgress(`Deleting ${whereText(services, named, name)}`, (_report, signal) =>
        deleteOnServer(services, named, signal),
      );
      if (outcome.kind !== 'applied') {
        await showOutcome(outcome, services);
        return;
      }
      if (outcome.result.state === 'gone') {
        await showGone(services, named, isDeletedEnvironment(name));
        return;
      }
    }
    await follow(services, named);
  },
};

const openInPostHog: Action = { kind: 'openInPostHog' };

/** Shows what happens to a deletion that PostHog has accepted. */
async function follow(services: CommandServices, target: EnvironmentTarget): Promise<void> {
  const { connectionId, environment, name } = target;
  const watch = await services.deletions();
  const seen = await watch.look(target);
  if (seen === 'gone') {
    await showGone(services, target, isDeletedEnvironment(name));
    return;
  }
  await closeDocumentsOf(connectionId, environment.id);
  const deletion_scheduled_at = seen?.detail.deletion_scheduled_at;
  // A deletion that is due now, or overdue, isn't scheduled: PostHog is already working on it.
  if (deletion_scheduled_at === undefined || !isAhead(deletion_scheduled_at, watchedMs)) {
    watch.watch(target);
    return;
  }
  const text = willBeDeleted(name, shortTime(deletion_scheduled_at));
  await showWithAction('information', text, openInPostHog, { uri: documentUri(target) }, services);
}

async function askForName(
  services: CommandServices,
  target: EnvironmentTarget,
  { detail: { name, id }, deletes, finality, tables }: Extract<DeletionPlan, { kind: 'ready' }>,
): Promise<void> {
  const organization = organizationNameOf(services.directory, target);
  const whole = deletes === 'project' ? 'the whole project' : 'the environment';
  const place = organization === undefined ? '' : ` of ${organization}`;
  picked(
    await services.prompts.ask({
      title: `Delete Environment ${whereText(services, target, `${name} (${id})`)}`,
      prompt: `This deletes ${whole} "${name}"${place} and all its data: events, persons, recordings, dashboards, flags${tablesText(tables)}. ${finalityText[finality]} Type the name to confirm.`,
      placeHolder: name,
      validate: (text) =>
        typedAs(text) === typedAs(name) ? undefined : `Type "${name}" exactly, or press Esc.`,
    }),
  );
}

function tablesText(tables: number | undefined): string {
  switch (tables) {
    case undefined:
      return ', and warehouse tables';
    case 0:
      return ', and everything else';
    default:
      return `, and ${tables} warehouse table${tables === 1 ? '' : 's'}`;
  }
}
