import { Cancelled, failureText, isCancelled } from '../connections/failures';
import type { CommandServices } from './command';
import { retryHelps } from '../operations/actions';

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
  send(): Promise<R>;
  /** The step that a failure is about, and the sentence to show there; undefined: no step can help. */
  refused(error: unknown): { field: Field; problem: string } | undefined;
  /** The last step to be asked again when one was refused, where they belong together. Default: only that one. */
  together?: Partial<Record<Field, Field>>;
}

/**
 * Asks one step after another and sends. A refusal leads back to the step that caused it, with everything else still
 * filled in; after any other failure the same can be sent again or changed.
 *
 * @throws Cancelled when the person gave up
 */
export async function askAndSend<Field extends string, R>(
  services: CommandServices,
  { steps, send, refused, together = {} }: Steps<Field, R>,
): Promise<R> {
  const indexOf = (field: Field): number => steps.findIndex((step) => step.field === field);
  let from = 0;
  let to = steps.length - 1;
  let problem: string | undefined;
  for (;;) {
    await askSteps(steps, from, to, problem);
    try {
      return await send();
    } catch (error) {
      if (isCancelled(error)) {
        throw error;
      }
      const refusal = refused(error);
      if (refusal && indexOf(refusal.field) >= 0) {
        from = indexOf(refusal.field);
        to = Math.max(from, indexOf(together[refusal.field] ?? refusal.field));
        problem = refusal.problem;
      } else {
        const text = failureText(error, services.log);
        const buttons = retryHelps(error) ? (['Try Again', 'Change…'] as const) : (['Change…'] as const);
        const answer = await services.prompts.tell('error', text, ...buttons);
        if (answer === undefined) {
          throw new Cancelled();
        }
        from = answer === 'Change…' ? 0 : steps.length;
        to = steps.length - 1;
        problem = undefined;
      }
    }
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
