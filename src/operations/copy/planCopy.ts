import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../json/json';
import { namesText } from '../../json/namesText';
import { withoutText, type JsonPath } from '../../json/parse';
import { pathName } from '../../json/pathName';
import type { ReadingClient } from '../../posthog/client';
import type { EnvironmentDetail } from '../../posthog/models';
import { settingsField, type Generation, type SettingsField } from '../../settings/catalogue';
import { checkSettings } from '../../settings/check';
import { settingsDocument } from '../../settings/document';
import { transplanted, type Kept } from '../../settings/transplant';
import type { PlannedSettings } from '../save/applyPlannedSettings';
import { planSettingsChanges } from '../changeSet';
import { withArticle } from '../compare/difference';
import { groupsOf } from '../groups';
import { generationOf, type ProfiledClient } from '../generation';
import { valueAt, withValue } from '../history/entry';
import type { EnvironmentAt } from '../services';

/** What is copied from an environment. */
export interface Copied {
  /** The source's settings document. */
  readonly settings: JsonObject;
  /** Settings, or parts of them: paths of keys. */
  readonly paths: readonly JsonPath[];
  /** Whether each of them was chosen by name, rather than a group or everything. */
  readonly isNamed: boolean;
}

/** A setting, or a part of one, that a target doesn't get. */
export interface NotCopied {
  readonly path: JsonPath;
  /** A sentence. */
  readonly why: string;
  /** The same about several, if it differs. */
  readonly whyAll?: string;
}

/** What copying means for one target. */
export interface CopyPlan extends PlannedSettings {
  readonly notCopied: readonly NotCopied[];
  /** What else the user should know: sentences. */
  readonly notes: readonly string[];
}

/** The calls that planning needs. None of them changes anything. */
export type PlanningClient = ProfiledClient & Pick<ReadingClient, 'getEnvironment'>;

/** Reads a target and plans what it gets. @throws PostHogError, Canceled */
export async function planCopy(
  { connections }: { readonly connections: { client(connectionId: string): Promise<PlanningClient> } },
  copied: Copied,
  at: EnvironmentAt,
  signal: AbortSignal,
): Promise<CopyPlan> {
  const client = await connections.client(at.connectionId);
  const generation = await generationOf(client, at.environment, signal);
  const detail = await client.getEnvironment(at.environment, signal);
  return copyPlan(copied, { ...at, name: detail.name }, detail, generation);
}

/** The same for a target that was already read. */
export function copyPlan(
  { settings, paths, isNamed }: Copied,
  at: EnvironmentAt,
  {
    raw,
    effective_membership_level: membershipLevel,
    user_access_level: userAccessLevel,
  }: Pick<EnvironmentDetail, 'raw' | 'effective_membership_level' | 'user_access_level'>,
  generation: Generation,
): CopyPlan {
  const { environment } = at;
  const base = settingsDocument(raw);
  const notCopied: NotCopied[] = [];
  let mine = base;
  for (const path of paths) {
    const taken = takenAt({ settings, base, path, isNamed, generation });
    notCopied.push(...taken.notCopied);
    if (taken.value !== undefined) {
      mine = withValue(mine, path, taken.value);
    }
  }
  const problems = checkSettings(withoutText(mine), { base, generation, membershipLevel, userAccessLevel });
  const refused = problems.filter(({ severity, code }) => severity === 'error' || refusals.includes(code));
  for (const {
    path: [key],
    message,
  } of refused) {
    const name = String(key);
    if (own(mine, name) !== own(base, name)) {
      mine = withValue(mine, [name], own(base, name));
      notCopied.push({ path: [name], why: message });
    }
  }
  const set = planSettingsChanges({ environment, generation, base, mine });
  const gates = new Set(
    set.changes.flatMap(({ path: [key] }) => {
      const field = settingsField(String(key));
      return field?.gate === undefined ? [] : [`${field.title}: ${field.gate}`];
    }),
  );
  const doubts = problems.filter(
    ({ severity, code, path }) =>
      severity === 'warning' && !refusals.includes(code) && own(set.body, String(path[0])) !== undefined,
  );
  return {
    ...{ at, set, raw, notCopied },
    notes: [...new Set([...doubts.map(({ message }) => message), ...gates])],
  };
}

/** Warnings about a document that mean that the server would reject or ignore a copy. */
const refusals: readonly string[] = ['role', 'not-in-response', 'replaced'];

interface Place {
  readonly settings: JsonObject;
  readonly base: JsonObject;
  readonly path: JsonPath;
  readonly isNamed: boolean;
  readonly generation: Generation;
}

interface Taken {
  readonly value?: JsonValue | undefined;
  readonly notCopied: readonly NotCopied[];
}

function takenAt({ settings, base, path, isNamed, generation }: Place): Taken {
  const [key, ...below] = path;
  const field = settingsField(String(key));
  const left = (why: string, whyAll = why): Taken => ({ notCopied: [{ path, why, whyAll }] });
  if (field?.access !== 'writable') {
    return left("PostHog doesn't let anyone set it.", "PostHog doesn't let anyone set them.");
  }
  const source = own(settings, field.key);
  if (source === undefined || valueAt(settings, path) === undefined) {
    return left(
      'The source environment has no value for it.',
      'The source environment has no values for them.',
    );
  }
  if (field.staysBehind ?? (field.meantToDiffer && !isNamed)) {
    return jsonEquals(source, own(base, field.key)) ? { notCopied: [] } : left('Meant to differ.');
  }
  const target = own(base, field.key);
  if (target === undefined) {
    return left("The target's server doesn't have it.", "The target's server doesn't have them.");
  }
  const around: Kept[] = [];
  transplanted(field, generation, source, target, around);
  const kept: Kept[] = [];
  const whole = transplanted(field, generation, wished(source, target, below), target, kept);
  // A part of something that stays as a whole can look harmless by itself, such as the ID of an action.
  const outside = around.filter((one) => one.path.length < path.length && isWithin(one.path, path));
  const isKept = outside.length > 0;
  return {
    value: whole === undefined || isKept ? undefined : valueAt({ [field.key]: whole }, path),
    notCopied: (isKept ? outside : kept.filter((one) => isWithin(one.path, path))).map((one) => ({
      path: one.path,
      ...reasonOf(one),
    })),
  };
}

/** Why a part isn't copied: sentences about one and about several. */
function reasonOf({ pointsTo, isTheirs }: Kept): Pick<NotCopied, 'why' | 'whyAll'> {
  if (pointsTo === undefined) {
    return isTheirs
      ? { why: "The target's value contains a secret.", whyAll: "The target's values contain secrets." }
      : { why: 'It contains a secret.', whyAll: 'They contain secrets.' };
  }
  const where = `points to ${withArticle(pointsTo)} in its own environment.`;
  return isTheirs
    ? { why: `The target's value ${where}`, whyAll: `Each of the target's values ${where}` }
    : { why: `It ${where}`, whyAll: `Each ${where}` };
}

/** The target's value with the source's value at a path inside it. */
function wished(source: JsonValue, target: JsonValue, below: JsonPath): JsonValue {
  if (below.length === 0) {
    return source;
  }
  if (!isJsonObject(source)) {
    return target;
  }
  return withValue(isJsonObject(target) ? target : {}, below, valueAt(source, below));
}

const isWithin = (path: JsonPath, around: JsonPath): boolean =>
  around.every((part, index) => index >= path.length || String(part) === String(path[index]));

/** Every setting that can be copied to another environment, from one group or all. */
export const copiedKeys = (
  settings: JsonObject,
  accepts: (field: SettingsField) => boolean = () => true,
): readonly JsonPath[] =>
  Object.keys(settings).flatMap((key) => {
    const field = settingsField(key);
    return field?.access === 'writable' && accepts(field) ? [[key]] : [];
  });

/** What a target doesn't get, and what else the user should know: sentences. */
export const copyDoubts = ({ notCopied, notes }: CopyPlan): readonly string[] => [
  ...groupsOf(notCopied, ({ why }) => why).map(
    ([first, ...more]) =>
      `Not copied: ${namesText([first, ...more].map(({ path }) => pathName(path)))}. ${
        more.length > 0 ? (first.whyAll ?? first.why) : first.why
      }`,
  ),
  ...notes,
];
