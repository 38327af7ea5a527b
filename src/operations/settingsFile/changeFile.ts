import * as v from 'valibot';
import { parseJson, type JsonObject, type JsonValue } from '../../json/json';
import { tooDeep, tooDeepAt, type JsonPath } from '../../json/parse';
import { settingsDocument } from '../../settings/document';
import type { ChangeSet, SettingsChangeSet } from '../changeSet';
import { recorded, recordedChangeSchema, type Proposed, type RecordedChange } from '../history/entry';
import { planUndo, type UndoConflict } from '../history/undo';
import { list } from '../phrases/sentences';
import { fileHost } from './fileHost';
import { planned, type EnvironmentNow, type PlannedEnvironment } from './planEnvironment';
import type { FileEnvironment } from './settingsFile';

const formatVersion = 1;

/** The extension of change files. */
export const changeFileExtension = '.posthog-change.json';

/** Changes of one environment, to be made later or by someone else. */
export interface ProposedEnvironment {
  readonly target: FileEnvironment;
  readonly changes: readonly RecordedChange[];
}

/** A change set as a file, with its author and reason. It holds no secrets. */
export interface ChangeFile extends Proposed {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly environments: readonly ProposedEnvironment[];
}

/** A setting's path only has keys, because arrays are replaced whole. */
const change = v.pipe(
  recordedChangeSchema,
  v.check(({ path }) => path.every((key) => typeof key === 'string'), 'A path can only contain strings.'),
);
const id = v.pipe(v.number(), v.safeInteger());

const schema = v.object({
  formatVersion: v.literal(formatVersion),
  by: v.exactOptional(v.string()),
  why: v.exactOptional(v.string()),
  createdAt: v.pipe(
    v.string(),
    v.check((time) => !Number.isNaN(Date.parse(time)), '"createdAt" must be a date and time.'),
  ),
  environments: v.array(
    v.object({
      name: v.pipe(v.string(), v.minLength(1, '"name" must not be empty.')),
      host: v.string(),
      id,
      projectId: v.exactOptional(id),
      protected: v.exactOptional(v.boolean()),
      readOnly: v.exactOptional(v.boolean()),
      changes: v.array(change),
    }),
  ),
});

/** The text of a change file. Values that hold a secret are listed as changed, without the values. */
export function changeFileText({ by, why, createdAt, environments }: ChangeFile): string {
  const file: v.InferInput<typeof schema> = {
    formatVersion,
    ...(by !== undefined && { by }),
    ...(why !== undefined && { why }),
    createdAt,
    environments: environments.map(({ target, changes }) => ({
      name: target.name,
      host: target.host,
      id: target.id,
      ...(target.projectId !== target.id && { projectId: target.projectId }),
      ...(target.isProtected !== undefined && { protected: target.isProtected }),
      ...(target.isReadOnly && { readOnly: true }),
      changes: changes.map(({ path, from, to, isMasked }) => ({
        path,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(isMasked && { isMasked }),
      })),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** A planned environment's changes, for a file. */
export const proposedOf = ({
  target,
  set,
}: {
  target: FileEnvironment;
  set: Pick<SettingsChangeSet, 'changes'>;
}): ProposedEnvironment => ({ target, changes: set.changes.map(recorded) });

/** A change set without the values that hold a secret, and the names of those. */
export function withoutSecrets({ target, changes }: ProposedEnvironment): {
  readonly proposed: ProposedEnvironment;
  readonly leftOut: readonly string[];
} {
  return {
    proposed: { target, changes: changes.filter(({ isMasked }) => !isMasked) },
    leftOut: changes.filter(({ isMasked }) => isMasked).map(nameOf),
  };
}

const shownWhy = 300;

/** Who proposed changes, when and why, as a sentence. Shown as plain text, because all of it comes from the file. */
export function proposalText({ by, why }: Proposed, when: string): string {
  const reason = inLine(why);
  const who = inLine(by);
  return `Proposed${who === '' ? '' : ` by ${who}`} on ${when}${reason === '' ? '' : `: "${reason}"`}.`;
}

function inLine(text = ''): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > shownWhy ? `${line.slice(0, shownWhy)}…` : line;
}

/** Errors in the structure of a change file, each with its path. */
export function changeFileIssues(
  value: JsonValue,
): readonly { readonly path: JsonPath; readonly message: string }[] {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => {
    const path = (issue.path ?? []).flatMap(({ key }) =>
      typeof key === 'string' || typeof key === 'number' ? [key] : [],
    );
    return { path, message: issueText(issue, String(path.at(-1) ?? '')) };
  });
}

function issueText({ kind, type, expected, received, message }: v.BaseIssue<unknown>, name: string): string {
  if (kind === 'validation') {
    return message;
  }
  if (received === 'undefined') {
    return `"${name}" is missing.`;
  }
  return type === 'custom'
    ? `"${name}" must be an array with the keys that lead to the setting.`
    : `"${name}" must be ${expected ?? 'another value'}, not ${received}.`;
}

/** Reads a change file. `problem` is a sentence. */
export function readChangeFile(text: string): { file: ChangeFile } | { problem: string } {
  // Files can come from anywhere: nothing that walks through their values may overflow the stack.
  if (tooDeepAt(text) >= 0) {
    return { problem: tooDeep };
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { problem: "The file isn't valid JSON." };
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
    return {
      problem:
        typeof version === 'number' && version !== formatVersion
          ? `The file has format version ${version}, but only ${formatVersion} is supported. Update the extension.`
          : `The file doesn't contain changes to PostHog environments. ${changeFileIssues(value as JsonValue)[0]?.message ?? ''}`,
    };
  }
  const { environments, ...facts } = parsed.output;
  const hosts = environments.map(({ host }) => fileHost(host));
  const wrong = hosts.findIndex((host) => host === undefined);
  if (wrong >= 0) {
    return { problem: `"${environments[wrong]?.host ?? ''}" isn't the address of a PostHog server.` };
  }
  return {
    file: {
      ...facts,
      environments: environments.map(({ changes, protected: isProtected, readOnly, ...one }, index) => ({
        target: {
          name: one.name,
          host: hosts[index] ?? '',
          id: one.id,
          projectId: one.projectId ?? one.id,
          // Anyone can write a change file, so it never makes an environment less protected.
          isProtected: isProtected === true ? true : undefined,
          isReadOnly: readOnly ?? false,
          settings: {},
        },
        changes,
      })),
    },
  };
}

/** What proposed changes mean for the server's current state. */
export type ProposalPlan =
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'planned';
      /** Without values that someone has changed since. */
      readonly plan: PlannedEnvironment;
      /** `before` is the proposed value, and `after` the one that the proposal started from. */
      readonly conflicts: readonly UndoConflict[];
      /** Including those values. */
      readonly whole: PlannedEnvironment;
    };

/** Plans proposed changes against the server's current state, as if undoing their inverse. */
export function planProposal(
  { target, changes }: ProposedEnvironment,
  { environment, generation, detail }: EnvironmentNow,
): ProposalPlan {
  const secret = changes.filter((one) => one.isMasked === true || recorded(one).isMasked === true);
  if (secret.length > 0) {
    return {
      kind: 'refused',
      why: `${list(secret.map(nameOf))}: change files can't contain secrets. Set them in PostHog.`,
    };
  }
  const current: JsonObject = settingsDocument(detail.raw);
  const plan = planUndo({
    entry: {
      kind: 'apply',
      outcome: 'applied',
      changes: changes.map(({ path, from, to }) => ({ path, from: to, to: from })),
    },
    environment,
    generation,
    current,
  });
  if (plan.kind === 'refused') {
    return plan;
  }
  const withProblems = (set: ChangeSet): PlannedEnvironment => {
    if (set.kind !== 'environment') {
      throw new Error('Changes of settings were planned as changes of a table.');
    }
    return planned(target, { environment, detail }, set);
  };
  return {
    kind: 'planned',
    plan: withProblems(plan.set),
    conflicts: plan.conflicts,
    whole: withProblems(plan.whole),
  };
}

const nameOf = ({ path }: RecordedChange): string => path.map(String).join('.');
