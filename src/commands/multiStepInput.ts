import { Cancelled, isCancelled } from '../connections/failures';
import { outcomeText, type Applied, type Outcome } from '../operations/outcome';
import { isPostHogError } from '../posthog/errors';
import { failedBy, mayRetry } from '../operations/refused';
import type { CommandServices } from './command';

/** How a step is asked. */
export interface Asking {
  /** `(2 of 5)`, for the title. */
  place: string;
  /** Why the answer before was not taken. */
  problem?: string;
  /** Absent on the first step. The step before is asked again when it is called and the prompt then ends. */
  back?: () => void;
}

/** One question of an operation that asks several. What was answered is kept by whoever asks. */
export interface Step<Field extends string> {
  field: Field;
  /** @throws Cancelled when the person gave no answer. */
  ask(asking: Asking): Promise<void>;
}

/** An operation that asks several things and then sends them. */
export interface Steps<Field extends string, R> {
  steps: readonly Step<Field>[];
  /** @throws Cancelled when the person gave up before anything was sent */
  send(): Promise<Outcome<R>>;
  /** The step that a failure is about, and the sentence to show there; undefined: no step can help. */
  refused(error: unknown): { field: Field; problem: string } | undefined;
  /** The last step to be asked again when one was refused, where they belong together. Default: only that one. */
  together?: Partial<Record<Field, Field>>;
}

/** The person canceled when something had been sent, and was told what became of it. */
export class ToldCancelled extends Cancelled {}

/**
 * Asks one step after another and sends. A refusal leads back to the step that caused it, with everything else still
 * filled in; after any other failure the same can be sent again or changed.
 *
 * @throws Cancelled when the person gave up
 */
export async function askAndSend<Field extends string, R>(
  services: CommandServices,
  { steps, send, refused, together = {} }: Steps<Field, R>,
): Promise<Applied<R>> {
  const indexOf = (field: Field): number => steps.findIndex((step) => step.field === field);
  let from = 0;
  let to = steps.length - 1;
  let problem: string | undefined;
  for (;;) {
    await askSteps(steps, from, to, problem);
    const { outcome, refusal } = await attempt(services, send, refused);
    if (outcome && isCancelled(outcome.cause)) {
      await services.prompts.tell('information', outcomeText(outcome));
      throw new ToldCancelled();
    }
    if (outcome?.kind === 'applied') {
      return outcome;
    }
    if (refusal && indexOf(refusal.field) >= 0) {
      from = indexOf(refusal.field);
      to = Math.max(from, indexOf(together[refusal.field] ?? refusal.field));
      problem = refusal.problem;
    } else if (outcome) {
      const buttons = mayRetry(outcome) ? (['Try Again', 'Change…'] as const) : (['Change…'] as const);
      const answer = await services.prompts.tell('error', outcomeText(outcome), ...buttons);
      if (answer === undefined) {
        throw new Cancelled();
      }
      from = answer === 'Change…' ? 0 : steps.length;
      to = steps.length - 1;
      problem = undefined;
    }
  }
}

/** Sends once. What was found out before anything was sent may be thrown, and leads back to a step just so. */
async function attempt<Field extends string, R>(
  { log }: CommandServices,
  send: Steps<Field, R>['send'],
  refused: Steps<Field, R>['refused'],
): Promise<{ outcome?: Outcome<R>; refusal: ReturnType<typeof refused> }> {
  try {
    const outcome = await send();
    return { outcome, refusal: outcome.kind === 'applied' ? undefined : refused(outcome.cause) };
  } catch (error) {
    if (isCancelled(error)) {
      throw error;
    }
    const refusal = refused(error);
    // A refusal of ours is no failure, and nothing for the log.
    return refusal && !isPostHogError(error) ? { refusal } : { refusal, outcome: failedBy(error, log) };
  }
}

async function askSteps<Field extends string>(
  steps: readonly Step<Field>[],
  from: number,
  to: number,
  problem: string | undefined,
): Promise<void> {
  for (let at = from; at <= to;) {
    const went = { back: false };
    const asking: Asking = {
      place: `(${at + 1} of ${steps.length})`,
      ...(problem !== undefined && at === from && { problem }),
      ...(at > 0 && {
        back: () => {
          went.back = true;
        },
      }),
    };
    try {
      await steps[at]?.ask(asking);
      at += 1;
    } catch (error) {
      if (!isCancelled(error) || !went.back) {
        throw error;
      }
      at -= 1;
    }
  }
}
