import { outcomeText, type Outcome } from '../../operations/outcome';
import { linkTable as link } from '../../operations/table/linkTable';
import { isPostHogError } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import { refusedField, type TableField } from '../../posthog/tableRefusals';
import type { Generation } from '../../settings/catalogue';
import { formatLabel } from '../../warehouse/formats';
import { formatHint } from '../../warehouse/formatTexts';
import { storageUrlProblem } from '../../warehouse/storageUrl';
import { tableFormats, tableNameProblem } from '../../warehouse/table';
import type { Command, CommandServices } from '../command';
import { withProgress } from '../batch';
import { askAndSend, type Asking, type Step } from '../multiStepInput';
import { generationOf, revealTable, notifyWithOpen, writeScope } from './tableTargets';
import { writableEnvironment, picked, type EnvironmentTarget } from '../targets';
import { buttonFor, whereText } from '../placeNames';

/** The answers. Key and secret live only as long as the command and are never stored. */
type Filled = Record<TableField, string>;

/** Where to link the table, and under which rules. */
interface Linking {
  services: CommandServices;
  target: EnvironmentTarget;
  generation: Generation;
  filled: Filled;
  /** Whether `""` stands for a quote in CSV files. */
  doubleQuotes: boolean;
}

export const linkTable: Command = {
  async run(services, argument) {
    const target = await writableEnvironment(services, argument, writeScope);
    const generation = await generationOf(services, target);
    const filled = { name: '', format: 'Parquet', url_pattern: '', access_key: '', access_secret: '' };
    const linking: Linking = { services, target, generation, filled, doubleQuotes: false };
    const outcome = await askAndSend<TableField, WarehouseTable>(services, {
      steps: stepsOf(linking),
      send: () => send(linking),
      refused: (error) => {
        const field = isPostHogError(error) ? refusedField(error) : undefined;
        return isPostHogError(error) && field ? { field, problem: error.detail ?? error.message } : undefined;
      },
      again: buttonFor(services, 'Try Again in', [target]),
      // If the key is rejected, the secret is usually wrong, too.
      together: { access_key: 'access_secret' },
    });
    const { id: tableId, name } = outcome.result;
    await revealTable(services, target, tableId);
    await notifyWithOpen(services, 'information', outcomeText(outcome), {
      ...target,
      kind: 'table',
      tableId,
      name,
    });
  },
};

function send({ services, target, filled, doubleQuotes }: Linking): Promise<Outcome<WarehouseTable>> {
  return withProgress(
    `PostHog is reading the files of ${filled.name} in ${whereText(services, target, target.name)}`,
    (_report, signal) => link(services, target, { ...filled, doubleQuotes }, signal),
  );
}

function stepsOf(linking: Linking): readonly Step<TableField>[] {
  const { generation, filled } = linking;
  return [
    {
      field: 'name',
      ask: (asking) =>
        fillIn(linking, 'name', asking, {
          prompt: 'Table name in queries: letters, digits, and underscores',
          placeHolder: 'orders',
          validate: (text) => tableNameProblem(text.trim()),
        }),
    },
    { field: 'format', ask: (asking) => askFormat(linking, asking) },
    {
      field: 'url_pattern',
      ask: (asking) =>
        fillIn(linking, 'url_pattern', asking, {
          prompt: 'URL of the files. * matches any part of a file name.',
          placeHolder: 'https://bucket.s3.amazonaws.com/orders/*.parquet',
          validate: (text) => storageUrlProblem(text, generation),
        }),
    },
    { field: 'access_key', ask: (asking) => askKey(linking, asking) },
    {
      field: 'access_secret',
      ask: async (asking) => {
        if (filled.access_key === '') {
          filled.access_secret = '';
          return;
        }
        await fillIn(linking, 'access_secret', asking, {
          prompt: "This access key's secret. It is sent to PostHog and not stored anywhere else.",
          password: true,
          validate: (text) => (text.trim() === '' ? 'Enter the access secret.' : undefined),
        });
      },
    },
  ];
}

/** Asks for the format and, where the server supports it, how CSV files escape quotes (API facts 9.2). */
async function askFormat(linking: Linking, { place, problem, back }: Asking): Promise<void> {
  const { services, generation, filled } = linking;
  const title = titleOf(linking, 'format', place);
  filled.format = picked(
    await services.prompts.pick(
      tableFormats.map((value) => ({ label: formatLabel(value), description: formatHint(value), value })),
      {
        title,
        placeHolder: problem ?? 'Choose the format of the files',
        active: filled.format,
        ...(back && { back }),
      },
    ),
  );
  if (generation !== 'current' || !filled.format.startsWith('CSV')) {
    linking.doubleQuotes = false;
    return;
  }
  const went = { back: false };
  const answer = await services.prompts.pick(
    [
      { label: 'No', description: 'recommended', value: false },
      { label: 'Yes', description: 'if queries fail on quoted values with commas', value: true },
    ],
    {
      title,
      placeHolder: 'Do quoted values contain doubled quotes, like "5"" screen, black"?',
      active: linking.doubleQuotes,
      back: () => {
        went.back = true;
      },
    },
  );
  if (answer === undefined && went.back) {
    await askFormat(linking, { place, ...(problem !== undefined && { problem }), ...(back && { back }) });
  } else {
    linking.doubleQuotes = picked(answer);
  }
}

/** Older servers can link public files without credentials (API facts 2.2). */
async function askKey(linking: Linking, asking: Asking): Promise<void> {
  const optional = linking.generation === 'documented';
  await fillIn(linking, 'access_key', asking, {
    prompt: `An access key that can read the files${optional ? '; leave it empty for public files' : ''}. It is sent to PostHog and not stored anywhere else.`,
    password: true,
    validate: (text) =>
      text.trim() === '' && (text !== '' || !optional) ? 'Enter the access key.' : undefined,
  });
}

async function fillIn(
  linking: Linking,
  field: TableField,
  { place, problem, back }: Asking,
  question: {
    prompt: string;
    placeHolder?: string;
    password?: boolean;
    validate(text: string): string | undefined;
  },
): Promise<void> {
  const answer = await linking.services.prompts.ask({
    ...question,
    title: titleOf(linking, field, place),
    value: linking.filled[field],
    ...(problem !== undefined && { problem }),
    ...(back && { back }),
  });
  linking.filled[field] = picked(answer).trim();
}

function titleOf({ services, target }: Linking, field: TableField, place: string): string {
  return `Link Table in ${whereText(services, target, target.name)}: ${fieldTexts[field]} ${place}`;
}

const fieldTexts: Readonly<Record<TableField, string>> = {
  name: 'Name',
  format: 'Format',
  url_pattern: 'URL Pattern',
  access_key: 'Access Key',
  access_secret: 'Access Secret',
};
