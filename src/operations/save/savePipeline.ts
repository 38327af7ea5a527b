import type { EnvironmentRef } from '../../posthog/models';
import type { Generation } from '../../settings/catalogue';
import { checkSettings } from '../../settings/check';
import type { JsonObject } from '../../json/json';
import { checkTable } from '../../warehouse/table';
import { applySettings, type SettingsClient } from './applySettings';
import type { Now } from './applySteps';
import { applyTable, type TableClient } from './applyTable';
import { planSettingsChanges, planTableChanges } from '../changeSet';
import type { Begin } from '../history/recording';
import type { Decided } from './mergeDocument';
import type { Outcome } from '../outcome';
import type { ConfirmSave, Saved } from './saveRefused';
import { missingNotice, readable, refuseProblems, refusedSave } from './saveSteps';
import { textAfterSave } from './textAfterSave';

/** What to save: the editor's text, and what the server had when the document was opened. */
export interface SaveRequest<Client> {
  client: Client;
  environment: EnvironmentRef;
  text: string;
  /** The document as it was when it was opened or last saved. */
  base: JsonObject;
  signal: AbortSignal;
  /** Called once the difference is known and before anything is sent. Throwing stops the save. */
  confirm?: ConfirmSave;
  /** Records what is sent in the history. */
  begin?: Begin | undefined;
  /** The conflicts that the user decided with their own value. */
  decided?: readonly Decided[] | undefined;
}

/** The user's role, if the server returned it, to refuse in advance what it can't change (API facts 4.3). */
export interface Role {
  membershipLevel?: number | null;
  userAccessLevel?: string | null;
}

/**
 * Saves a settings document: checks it, plans and applies the change set, and returns what the editor should show.
 *
 * @throws SaveRefused whenever the server doesn't have what the editor shows afterwards; Canceled
 */
export async function saveSettings(
  { client, environment, text, base, signal, confirm, begin, decided }: SaveRequest<SettingsClient>,
  generation: Generation,
  role: Role = {},
): Promise<Saved> {
  const document = readable(text, (one) => checkSettings(one, { base, generation, ...role }));
  const { value: mine, locate } = document;
  const set = planSettingsChanges({ environment, generation, base, mine, locate });
  refuseProblems(set.problems);
  const outcome = await applySettings(set, { client, signal, confirm, begin, decided });
  if (outcome.kind !== 'applied') {
    throw refusedSave(outcome, document, (detail) => ({ detail }));
  }
  const { state } = outcome.result;
  return { ...savedAs(outcome, text, mine, set.missing), ...(state && { detail: state }) };
}

/**
 * Saves a table document: see {@link saveSettings}. If a server is known to refuse type changes to every key, nothing
 * of a document that changes types is sent.
 *
 * @throws SaveRefused whenever the server doesn't have what the editor shows afterwards; Canceled
 */
export async function saveTable(
  { client, environment, text, base, signal, confirm, begin, decided }: SaveRequest<TableClient>,
  tableId: string,
  generation: Generation,
): Promise<Saved> {
  const takesTypes = client.takesKeysFor('update_schema');
  const document = readable(text, (one) => checkTable(one, { base, generation, takesTypes }));
  const mine = document.value;
  const set = planTableChanges({ environment, generation, base, mine }, tableId);
  const outcome = await applyTable(set, { client, signal, confirm, begin, decided });
  if (outcome.kind !== 'applied') {
    throw refusedSave(outcome, document, (table) => ({ table }));
  }
  const { state } = outcome.result;
  return { ...savedAs(outcome, text, mine, set.missing), ...(state && { table: state }) };
}

function savedAs(
  { result, changed, notices }: Extract<Outcome<Now<unknown>>, { kind: 'applied' }>,
  text: string,
  mine: JsonObject,
  missing: readonly string[],
): Saved {
  return {
    base: result.document,
    mine: result.mine,
    text: textAfterSave(text, mine, result.document),
    sentKeys: changed,
    taken: result.taken,
    notices: [...notices, ...missingNotice(missing)],
  };
}
