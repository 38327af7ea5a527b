import assert from 'node:assert/strict';
import { applyPlan } from '../../../../src/operations/settingsFile/applyPlan';
import type { SettingsOutcome } from '../../../../src/operations/save/applySettings';
import {
  planFile,
  type EnvironmentPlan,
  type PlannedEnvironment,
} from '../../../../src/operations/settingsFile/planEnvironment';
import { pullInto, type PulledFile, type PullOptions } from '../../../../src/operations/settingsFile/pull';
import { readSettingsFile, type SettingsFile } from '../../../../src/operations/settingsFile/settingsFile';
import type { JsonObject } from '../../../../src/json/json';
import { formatDocument, settingsDocument } from '../../../../src/settings/document';
import { never, SaveBench } from '../support';

export const STAGING = 1202;
export const PRODUCTION = 1203;

/** A sandbox, and a settings file with some of its environments. */
export class FileBench extends SaveBench {
  /** A file with Staging and Production. */
  text(settings: JsonObject, own: { staging?: JsonObject; production?: JsonObject } = {}): string {
    const { url: host } = this.sandbox;
    const project = this.generation === 'documented' ? { projectId: this.ref(STAGING).projectId } : {};
    return formatDocument({
      environments: {
        staging: { host, id: STAGING, ...project, ...(own.staging && { settings: own.staging }) },
        production: { host, id: PRODUCTION, ...project, ...(own.production && { settings: own.production }) },
      },
      settings,
    });
  }

  read(text: string): SettingsFile {
    const { file, problems } = readSettingsFile(text);
    assert.ok(file, JSON.stringify(problems.map(({ message }) => message)));
    return file;
  }

  plan(text: string): Promise<readonly EnvironmentPlan[]> {
    const file = this.read(text);
    return planFile(file, file.environments, async () => this.client(), { signal: never() });
  }

  async planned(text: string): Promise<readonly PlannedEnvironment[]> {
    return (await this.plan(text)).map((plan) => {
      assert.equal(plan.kind, 'planned');
      return plan;
    });
  }

  apply(plan: PlannedEnvironment): Promise<SettingsOutcome> {
    const client = this.client();
    return applyPlan(
      {
        connections: { client: async () => client },
        changes: { fire: () => undefined },
        receipts: { add: () => undefined },
      },
      'connection',
      plan,
      { signal: never() },
    );
  }

  pull(text: string, options: PullOptions = {}): PulledFile {
    const file = this.read(text);
    return pullInto(
      text,
      file,
      file.environments.map((target) => ({
        target,
        settings: settingsDocument(this.control.environment(target.id)),
      })),
      options,
    );
  }

  document(id: number): JsonObject {
    return settingsDocument(structuredClone(this.control.environment(id)));
  }
}

/** Runs the same block for both generations, each test with its own sandbox. */
export function onBoth(block: (bench: FileBench) => void): void {
  for (const generation of ['current', 'documented'] as const) {
    describe(`on a ${generation} server`, () => {
      const bench = new FileBench(generation);
      beforeEach(() => bench.start());
      afterEach(() => bench.stop());
      block(bench);
    });
  }
}

/** The changes of a plan as text. */
export const changesOf = (plan: EnvironmentPlan): string[] =>
  plan.kind === 'planned'
    ? plan.set.changes.map(
        ({ path, from, to }) => `${path.join('.')}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
      )
    : [plan.error.message];
