import * as vscode from 'vscode';
import { connectionLabel } from '../connections/connectionLabel';
import { Canceled } from '../connections/failures';
import { compareStates, type Comparison } from '../operations/compare/compare';
import { labeled, readStates } from '../operations/compare/readStates';
import { comparedDocument } from '../operations/compare/texts';
import type { ReportServices } from './reportServices';
import { comparedKey, type Compared, type ComparedPlace } from './reportTargets';

/** The setting `posthogEnvironments.compare.ignore`. */
export function ignoredPaths(): readonly string[] {
  const value: unknown = vscode.workspace.getConfiguration('posthogEnvironments').get('compare.ignore');
  return Array.isArray(value) ? value.filter((path) => typeof path === 'string') : [];
}

/** Comparisons of two environments whose documents are open. Both sides come from the same read. */
export class Comparisons {
  private readonly known = new Map<string, Promise<Comparison>>();

  constructor(private readonly connections: ReportServices['connections']) {}

  /** Rereads both environments. @throws PostHogError, Canceled */
  async compare(places: readonly ComparedPlace[], signal: AbortSignal): Promise<Comparison> {
    const key = comparedKey(places);
    const before = this.known.get(key);
    const reading = this.read(places, signal);
    this.known.set(key, reading);
    try {
      return await reading;
    } catch (error) {
      if (before && this.known.get(key) === reading) {
        this.known.set(key, before);
      } else if (this.known.get(key) === reading) {
        this.known.delete(key);
      }
      throw error;
    }
  }

  /** Adopts what was read elsewhere. */
  adopt(places: readonly ComparedPlace[], comparison: Comparison): void {
    this.known.set(comparedKey(places), Promise.resolve(comparison));
  }

  /** The last comparison. */
  peek(places: readonly ComparedPlace[]): Promise<Comparison> | undefined {
    return this.known.get(comparedKey(places));
  }

  /** One of the two documents. @throws PostHogError, Canceled */
  async text({ places, side }: Compared, signal: AbortSignal): Promise<{ text: string }> {
    const comparison = await (this.peek(places) ?? this.compare(places, signal));
    return { text: comparedDocument(comparison, side) };
  }

  forget(places: readonly ComparedPlace[]): void {
    this.known.delete(comparedKey(places));
  }

  private async read(places: readonly ComparedPlace[], signal: AbortSignal): Promise<Comparison> {
    const environments = labeled(places, (id) => connectionLabel(this.connections, id));
    const states = await readStates({ connections: this.connections }, environments, { signal });
    if (signal.aborted) {
      throw new Canceled();
    }
    const failed = states.find(({ settings }) => !settings);
    if (failed) {
      throw failed.cause instanceof Error ? failed.cause : new Error(failed.why);
    }
    return compareStates(states, { ignore: ignoredPaths() });
  }
}
