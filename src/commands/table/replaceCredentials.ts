import { isPostHogError } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import { refusedField } from '../../posthog/tableRefusals';
import { outcomeText, type Outcome } from '../../operations/outcome';
import {
  replaceCredentials as replace,
  type NewCredentials,
} from '../../operations/table/replaceCredentials';
import { readOnlyReason } from '../../warehouse/managed';
import { accessProblem } from '../../warehouse/tableAccess';
import type { Command, CommandServices } from '../command';
import { withProgress } from '../batch';
import { askAndSend, type Asking } from '../multiStepInput';
import { chosenTable, showRefusal, type ChosenTable } from './tableTargets';
import { picked } from '../targets';
import { buttonFor, whereText } from '../placeNames';

/** The answers. They live only as long as the command and are never stored. */
interface Typed {
  access_key: string;
  access_secret: string;
}

export const replaceCredentials: Command = {
  async run(services, target) {
    const chosen = await chosenTable(services, target);
    const refusal = refusalOf(chosen.table);
    if (refusal !== undefined) {
      await showRefusal(services, refusal, chosen.target);
      return;
    }
    const typed: Typed = { access_key: '', access_secret: '' };
    const outcome = await askAndSend<keyof Typed, WarehouseTable>(services, {
      again: buttonFor(services, 'Try Again in', [chosen.target]),
      steps: [
        { field: 'access_key', ask: (asking) => askPart(services, chosen, typed, 'access_key', asking) },
        {
          field: 'access_secret',
          ask: (asking) => askPart(services, chosen, typed, 'access_secret', asking),
        },
      ],
      send: () => send(services, chosen, typed),
      refused: (error) => {
        const field = isPostHogError(error) ? refusedField(error) : undefined;
        return isPostHogError(error) && (field === 'access_key' || field === 'access_secret')
          ? { field, problem: error.detail ?? error.message }
          : undefined;
      },
    });
    const takesKeys = services.connections.takesKeysFor(chosen.target.connectionId, 'refresh_schema');
    const refresh = buttonFor(services, 'Refresh Schema in', [chosen.target]);
    const answer = await services.prompts.notify(
      'information',
      outcomeText(outcome),
      ...(takesKeys === false ? [] : [refresh]),
    );
    if (answer === refresh) {
      const { refreshTables } = await import('./refreshSchema');
      await refreshTables(services, [{ ...chosen, table: outcome.result }]);
    }
  },
};

/** The server merges: a part that is left empty keeps its stored value (API facts 2.3). */
async function askPart(
  services: CommandServices,
  { target, table }: ChosenTable,
  typed: Typed,
  part: keyof Typed,
  { place, problem, back }: Asking,
): Promise<void> {
  const name = part === 'access_key' ? 'access key' : 'access secret';
  const answer = await services.prompts.ask({
    title: `Replace Storage Credentials of ${table.name} in ${whereText(services, target)}: ${part === 'access_key' ? 'Access Key' : 'Access Secret'} ${place}`,
    prompt: `The new ${name}; leave it empty to keep the stored one. It is sent to PostHog and not stored anywhere else.`,
    password: true,
    value: typed[part],
    ...(problem !== undefined && { problem }),
    ...(back && { back }),
    validate: (text) => {
      if (text !== '' && text.trim() === '') {
        return `The ${name} can't be blank. Leave it empty to keep the stored one.`;
      }
      return part === 'access_secret' && text === '' && typed.access_key === ''
        ? 'Enter the secret. With neither a new key nor a new secret, there is nothing to replace.'
        : undefined;
    },
  });
  typed[part] = picked(answer).trim();
}

async function send(
  services: CommandServices,
  { target, table: { name } }: ChosenTable,
  { access_key, access_secret }: Typed,
): Promise<Outcome<WarehouseTable>> {
  const credentials: NewCredentials = {
    ...(access_key !== '' && { access_key }),
    ...(access_secret !== '' && { access_secret }),
  };
  return withProgress(
    `Replacing the storage credentials of ${name} in ${whereText(services, target)}`,
    (_report, signal) => replace(services, { ...target, name }, credentials, signal),
  );
}

function refusalOf(table: WarehouseTable): string | undefined {
  const problem = readOnlyReason(table.raw) ?? accessProblem(table);
  if (problem !== undefined) {
    return problem;
  }
  return table.credential === null
    ? `${table.name} has no storage credentials: PostHog manages its files.`
    : undefined;
}
