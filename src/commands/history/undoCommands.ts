import { requireScope } from '../../connections/requireScope';
import { learnOrganization } from '../../directory/learnOrganization';
import { distinctName } from '../../directory/organizationName';
import { asText } from '../../json/visibleText';
import type { HistoryEntry } from '../../operations/history/entry';
import { changedOf } from '../../operations/history/item';
import { whyNotUndoable, type UndoConflict } from '../../operations/history/undo';
import { conflictQuestion, undoQuestion } from '../../operations/history/undoQuestion';
import { undoWrite } from '../../operations/history/undoWrite';
import { cantBeRestored, changeCantBeUndone } from '../../operations/phrases/history';
import { sentences } from '../../operations/phrases/sentences';
import type { Confirm } from '../../operations/save/applySteps';
import { shortName } from '../../operations/review/review';
import { showOutcome } from '../../ui/failureNotification';
import { withLateCancel, writeWithLateCancel } from '../../ui/lateProgress';
import { rehearsalOf, requestsOf } from '../../ui/reviewSubject';
import { confirmSetting, placeOf } from '../../ui/reviewPlaces';
import { shortTime } from '../../ui/times';
import type { Command, CommandServices } from '../command';
import { placeNames } from '../../documents/uris/placeNames';
import { whereText } from '../placeNames';
import { picked } from '../targets';
import { askedAgain, reviewAsSave } from '../reviewAsSave';
import { changeOf } from './historyTargets';
import { askTogether, undoAll } from './undoTogether';

/** How many of the newest entries are searched for the last save. */
const lookedThrough = 200;

export const undoChange: Command = {
  async run(services, target) {
    const item = changeOf(target);
    if (item) {
      await undo(services, item.entry);
    }
  },
};

/** Restores what someone else set during a save, which replaced it. Reviewed like any save. */
export const restoreTheirs: Command = {
  async run(services, target) {
    const item = changeOf(target);
    if (item) {
      await undo(services, item.entry, 'restore');
    }
  },
};

/** Undoes the newest save that isn't undone yet. Repeated, it undoes the one before. */
export const undoLastSave: Command = {
  async run(services) {
    const [last] = await undoable(services);
    if (!last) {
      await services.prompts.notify(
        'information',
        'There is no save to undo. The History view lists all changes.',
      );
      return;
    }
    await undo(services, last);
  },
};

/** The newest undoable writes of all connections, newest first. */
async function undoable(services: CommandServices): Promise<readonly HistoryEntry[]> {
  const history = await services.history();
  const connectionIds = services.connections.list().map(({ id }) => id);
  const { entries } = await history.list({ connectionIds }, lookedThrough);
  const undone = new Set(
    entries.flatMap(({ undoes, outcome }) => (undoes !== undefined && isThere(outcome) ? [undoes] : [])),
  );
  return entries.filter(
    (entry) =>
      entry.kind !== 'undo' &&
      isThere(entry.outcome) &&
      !undone.has(entry.id) &&
      whyNotUndoable(entry) === undefined,
  );
}

const isThere = (outcome: HistoryEntry['outcome']): boolean => outcome === 'applied' || outcome === 'partly';

async function undo(
  services: CommandServices,
  entry: HistoryEntry,
  kind: 'undo' | 'restore' = 'undo',
): Promise<void> {
  const { prompts, connections } = services;
  const { connectionId, environment, table } = entry;
  const why = whyNotUndoable(entry);
  if (why !== undefined) {
    await prompts.notify('information', why);
    return;
  }
  requireScope(connections, connectionId, table ? 'warehouse_table:write' : 'project:write');
  await services.marks.known();
  const readOnly = connections.whyReadOnly(connectionId, environment.id);
  if (readOnly) {
    const cannot = kind === 'undo' ? changeCantBeUndone : cantBeRestored;
    await prompts.notify('information', sentences(cannot, readOnly.what, readOnly.remedy));
    return;
  }
  const at = { connectionId, environment, name: environment.name };
  await withLateCancel(`Getting ${whereText(services, at, at.name)}`, (signal) =>
    learnOrganization(services, at, environment.organizationId, signal),
  );
  if (kind === 'undo' && entry.together !== undefined) {
    const others = (await undoable(services)).filter(
      ({ id, together }) => together === entry.together && id !== entry.id,
    );
    const chosen = others.length > 0 ? await askTogether(services, [entry, ...others]) : [];
    if (chosen.length > 1) {
      await undoAll(services, chosen, (one) => ({
        decide: (conflicts, rest) => decide(services, one, conflicts, rest),
        confirm: confirmUndo(services, one),
      }));
      return;
    }
  }
  const verb = kind === 'undo' ? 'Undoing' : 'Restoring';
  // Restoring someone else's value is a write like a save, and asks where a save would.
  const confirm =
    kind === 'undo'
      ? confirmUndo(services, entry)
      : reviewAsSave(services, { ...entry, name: environment.name });
  const title = `${verb} ${changedOf(entry)} in ${whereText(services, entry, environment.name)}`;
  const outcome = await writeWithLateCancel(title, (signal, hold) =>
    undoWrite(services, entry, {
      ...{ signal, kind },
      confirm: (review, consented) => hold(() => confirm(review, consented)),
      decide: (conflicts, others) => hold(() => decide(services, entry, conflicts, others)),
    }),
  );
  if (outcome.kind !== 'applied') {
    await showOutcome(outcome, services);
  } else if (outcome.changed.length === 0) {
    await prompts.notify('information', outcome.what);
  }
}

/** Undoing takes a single click, so it asks before sending, unless saves never ask. */
function confirmUndo(services: CommandServices, entry: HistoryEntry): Confirm {
  const { connections, marks } = services;
  return async ({ environmentName, ...review }, consented) => {
    const connection = connections.get(entry.connectionId);
    if (!connection || confirmSetting() === 'never') {
      return { isAsked: false };
    }
    const name = environmentName ?? entry.environment.name;
    const shown = distinctName(services.directory, entry, name);
    const rehearsed = await rehearsalOf(services, review);
    await marks.known();
    const question = undoQuestion(entry, {
      name: shown,
      isProtected: marks.isProtected(connection, entry.environment.id, name),
      ...placeOf(connection),
      organization: placeNames(services, entry).organization,
      when: shortTime(entry.startedAt),
      rehearsed: rehearsed.notes,
      requests: requestsOf(review, connection),
      ...review,
    });
    return askedAgain({ ...question, send: undoButton(shown) }, consented, rehearsed, services);
  };
}

async function decide(
  services: CommandServices,
  entry: HistoryEntry,
  conflicts: readonly UndoConflict[],
  others: readonly string[],
): Promise<'all' | 'rest'> {
  const { prompts } = services;
  const where = whereText(services, entry, entry.environment.name);
  const { message, detail } = conflictQuestion({ ...entry, where }, conflicts, others);
  const all = others.length === 0 ? 'Restore Anyway' : 'Restore All';
  const rest = 'Undo the Rest';
  const answer =
    others.length === 0
      ? await prompts.confirm(message, { detail }, all)
      : await prompts.confirm(message, { detail }, rest, all);
  return picked(answer) === all ? 'all' : 'rest';
}

/** A button that writes names its destination. */
const undoButton = (name: string): string => `Undo in ${asText(shortName(name))}`;
