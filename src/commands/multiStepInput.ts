import { Canceled, isCanceled, withTechnical } from '../connections/failures';
import { outcomeText, type Applied, type Outcome } from '../operations/outcome';
import { isPostHogError } from '../posthog/errors';
import { failedBy, mayRetry } from '../operations/refused';
import { buttonOf } from '../ui/actionButtons';
import type { CommandServices } from './command';

/** What a step needs to show its prompt. */
export interface Asking {
  /** `(2 of 5)`, for the title. */
  place: string;
  /** Why the previous answer was rejected. */
  problem?: string;
  /** Absent on the first step. Call it and end the prompt to go back to the previous step. */
  back?: () => void;
}

/** One step of a multi-step input. The caller keeps the answers. */
export interface Step<Field extends string> {
  field: Field;
  /** @throws Canceled if the user gave no answer */
  ask(asking: Asking): Promise<void>;
}

/** A multi-step input and the operation that uses the answers. */
export interface Steps<Field extends string, R> {
  steps: readonly Step<Field>[];
  /** @throws Canceled if the user canceled before anything was sent */
  send(): Promise<Outcome<R>>;
  /** The step that an error is about, and the message to show there; `undefined` if no step can fix it. */
  refused(error: unknown): { field: Field; problem: string } | undefined;
  /** The button that sends again, with the name of what is written to. Default: *Try Again*. */
  again?: string;
  /** The last step to repeat after one was rejected, for steps that belong together. Default: only that one. */
  together?: Partial<Record<Field, Field>>;
}

/**
 * Runs the steps, then sends. A rejected answer leads back to its step with all other answers kept; after any other
 * failure, the user can retry or change the answers.
 *
 * @throws Canceled if the user canceled; they know what happened to what had been sent
 */
export async function askAndSend<Field extends string, R>(
  services: CommandServices,
  { steps, send, refused, again = 'Try Again', together = {} }: Steps<Field, R>,
): Promise<Applied<R>> {
  const indexOf = (field: Field): number => steps.findIndex((step) => step.field === field);
  let from = 0;
  let to = steps.length - 1;
  let problem: string | undefined;
  for (;;) {
    await askSteps(steps, from, to, problem);
    const { outcome, refusal } = await attempt(services, send, refused);
    if (outcome && isCanceled(outcome.cause)) {
      await services.prompts.notify('information', outcomeText(outcome));
      throw new Canceled({ mayHaveBeenApplied: true });
    }
    if (outcome?.kind === 'applied') {
      return outcome;
    }
    if (outcome) {
      services.log.warn(withTechnical(outcomeText(outcome), outcome.cause));
    }
    if (refusal && indexOf(refusal.field) >= 0) {
      from = indexOf(refusal.field);
      to = Math.max(from, indexOf(together[refusal.field] ?? refusal.field));
      problem = refusal.problem;
    } else if (outcome) {
      const { action } = outcome;
      // The only action after which the same answers are sent again.
      const key = action?.kind === 'replaceKey' ? buttonOf(action, {}, services) : undefined;
      const change = 'Change…';
      const buttons = [...(key ? [key.label] : []), ...(mayRetry(outcome) ? [again] : []), change];
      const answer = await services.prompts.notify('error', outcomeText(outcome), ...buttons);
      if (answer === undefined) {
        throw new Canceled();
      }
      if (answer === key?.label) {
        await key.run();
      }
      from = answer === change ? 0 : steps.length;
      to = steps.length - 1;
      problem = undefined;
    }
  }
}

/** Sends once. Anything thrown before sending leads back to a step the same way. */
async function attempt<Field extends string, R>(
  { log }: CommandServices,
  send: Steps<Field, R>['send'],
  refused: Steps<Field, R>['refused'],
): Promise<{ outcome?: Outcome<R>; refusal: ReturnType<typeof refused> }> {
  try {
    const outcome = await send();
    return { outcome, refusal: outcome.kind === 'applied' ? undefined : refused(outcome.cause) };
  } catch (error) {
    if (isCanceled(error)) {
      throw error;
    }
    const refusal = refused(error);
    // Our own validation isn't a failure and doesn't belong in the log.
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
      if (!isCanceled(error) || !went.back) {
        throw error;
      }
      at -= 1;
    }
  }
}
