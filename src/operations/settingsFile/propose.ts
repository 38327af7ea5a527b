import { parseDocument } from '../../json/parse';
import type { JsonObject } from '../../json/json';
import type { EnvironmentRef } from '../../posthog/models';
import type { Generation } from '../../settings/catalogue';
import { checkSettings } from '../../settings/check';
import { planSettingsChanges } from '../changeSet';
import { list } from '../phrases/sentences';
import type { Role } from '../save/savePipeline';
import { proposedOf, withoutSecrets, type ProposedEnvironment } from './changeFile';
import type { FileEnvironment } from './settingsFile';

/** An edited settings document. */
interface Edited {
  readonly environment: EnvironmentRef;
  readonly generation: Generation;
  readonly text: string;
  /** The document as it was when it was opened or last saved. */
  readonly base: JsonObject;
  readonly role: Role;
}

/** What can be proposed of an edited document. */
type Proposable =
  /** `why` is a sentence. With `isMistake`, the document's problems show what is wrong. */
  | { readonly kind: 'refused'; readonly why: string; readonly isMistake: boolean }
  | {
      readonly kind: 'proposed';
      readonly proposed: ProposedEnvironment;
      /** What was left out because it contains a secret. */
      readonly leftOut: readonly string[];
    };

/** The changes of a document for a file, as a save would send them. */
export function proposeChanges(
  target: FileEnvironment,
  { environment, generation, text, base, role }: Edited,
): Proposable {
  const document = parseDocument(text);
  const mistakes = document.ok ? checkSettings(document, { base, generation, ...role }) : document.problems;
  if (!document.ok || mistakes.some(({ severity }) => severity === 'error')) {
    return {
      kind: 'refused',
      why: 'The document has errors. Fix them, then propose the change.',
      isMistake: true,
    };
  }
  const set = planSettingsChanges({ environment, generation, base, mine: document.value });
  const { proposed, leftOut } = withoutSecrets(proposedOf({ target, set }));
  return proposed.changes.length > 0
    ? { kind: 'proposed', proposed, leftOut }
    : { kind: 'refused', why: nothingToPropose(leftOut), isMistake: false };
}

const nothingToPropose = (leftOut: readonly string[]): string =>
  leftOut.length === 0
    ? 'There is nothing to propose: the document has no changes. Edit it without saving, then propose the change.'
    : `There is nothing to propose. ${secretsLeftOut(leftOut)}`;

/** Why some changes aren't in a file, as a sentence; empty if all are. */
export const secretsLeftOut = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `${list(names)} ${names.length === 1 ? 'contains a secret and was' : 'contain secrets and were'} left out.`;
