import * as v from 'valibot';
import { parseJson, type JsonObject } from '../../json/json';
import { parseOrigin } from '../../posthog/origin';
import { settingsDocument } from '../../settings/document';
import type { SettingsChangeSet } from '../changeSet';
import { recorded, recordedChangeSchema, type RecordedChange } from '../history/entry';
import { planUndo, type UndoConflict } from '../history/undo';
import type { EnvironmentNow, PlannedEnvironment } from './planEnvironment';
import { sandboxHost } from './fileNames';
import type { FileEnvironment } from './settingsFile';

const formatVersion = 1;

/** Changes of one environment, to be made later or by somebody else. */
export interface ProposedEnvironment {
  readonly target: FileEnvironment;
  readonly changes: readonly RecordedChange[];
}

/** A change set as a file. It holds no secrets. */
export interface ChangeFile {
  /** Who wrote it, and why. */
  readonly by?: string | undefined;
  readonly why?: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly environments: readonly ProposedEnvironment[];
}

/** Of a setting: its path begins with a key. */
const change = v.pipe(
  recordedChangeSchema,
  v.check(({ path: [key] }) => typeof key === 'string'),
);
const id = v.pipe(v.number(), v.safeInteger());

const schema = v.object({
  formatVersion: v.literal(formatVersion),
  by: v.exactOptional(v.string()),
  why: v.exactOptional(v.string()),
  createdAt: v.string(),
  environments: v.array(
    v.object({
      name: v.string(),
      host: v.string(),
      id,
      projectId: v.exactOptional(id),
      protected: v.exactOptional(v.boolean()),
      readOnly: v.exactOptional(v.boolean()),
      changes: v.array(change),
    }),
  ),
});

/** The text of a file of changes. What holds a secret is listed as changed, without its values. */
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

/** What a planned environment is to become, for a file. */
export const proposedOf = ({
  target,
  set,
}: {
  target: FileEnvironment;
  set: Pick<SettingsChangeSet, 'changes'>;
}): ProposedEnvironment => ({ target, changes: set.changes.map(recorded) });

/** Reads a file of changes. `problem`: a sentence. */
export function readChangeFile(text: string): { file: ChangeFile } | { problem: string } {
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
          : `The file doesn't contain changes to PostHog environments: ${v.summarize(parsed.issues).split('\n')[0] ?? ''}`,
    };
  }
  const { environments, ...facts } = parsed.output;
  const hosts = environments.map(({ host }) => hostOf(host));
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
          isProtected,
          isReadOnly: readOnly ?? false,
          settings: {},
        },
        changes,
      })),
    },
  };
}

function hostOf(host: string): string | undefined {
  if (host === sandboxHost) {
    return host;
  }
  const parsed = parseOrigin(host);
  return parsed.ok ? parsed.origin : undefined;
}

/** What proposed changes mean for what the server has now. */
export type ProposalPlan =
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'planned';
      /** Without the values that somebody has changed since. */
      readonly plan: PlannedEnvironment;
      readonly conflicts: readonly UndoConflict[];
    };

/** Plans proposed changes again, against what the server has now: as what takes back their inverse. */
export function planProposal(
  { target, changes }: ProposedEnvironment,
  { environment, generation, detail }: EnvironmentNow,
): ProposalPlan {
  const masked = changes.filter(({ isMasked }) => isMasked).map(({ path }) => path.map(String).join('.'));
  if (masked.length > 0) {
    return {
      kind: 'refused',
      why: `${masked.join(', ')}: change files can't contain secrets. Set them in PostHog.`,
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
  if (plan.kind === 'refused' || plan.set.kind !== 'environment') {
    return { kind: 'refused', why: plan.kind === 'refused' ? plan.why : '' };
  }
  return {
    kind: 'planned',
    plan: {
      kind: 'planned',
      target,
      environment,
      serverName: detail.name,
      raw: detail.raw,
      set: plan.set,
      notCompared: [],
      problems: plan.set.problems,
    },
    conflicts: plan.conflicts,
  };
}
