import { fileSaysReadOnly, nothingSent } from '../posthog/outcomePhrases';
import { PostHogClient } from '../posthog/client';
import { isPostHogError, PostHogError } from '../posthog/errors';
import { fetchTransport } from '../posthog/http';
import { pathText } from '../json/merge/path';
import { cantBeChangedAs } from '../operations/phrases/plans';
import { list, sentences } from '../operations/phrases/sentences';
import { planProposal, proposalText, readChangeFile } from '../operations/settingsFile/changeFile';
import {
  planFile,
  readNow,
  type EnvironmentPlan,
  type PlannedEnvironment,
} from '../operations/settingsFile/planEnvironment';
import type { FileMark } from '../operations/settingsFile/fileMarks';
import { sandboxHost } from '../operations/settingsFile/fileNames';
import {
  readSettingsFile,
  type FileEnvironment,
  type SettingsFile,
} from '../operations/settingsFile/settingsFile';
import { marksOf, withMarks } from './fileMarks';
import { keyFor } from './keys';
import { failureText } from './remedies';
import { problemLine } from './report';
import type { CliOptions } from './options';
import { CliError, type Terminal } from './terminal';

/** A settings file and the chosen environments in it. */
interface OpenFile {
  readonly text: string;
  readonly file: SettingsFile;
  readonly targets: readonly FileEnvironment[];
}

/** A run of the command line: its file, and the servers it talks to. */
export class Session {
  private readonly clients = new Map<string, PostHogClient>();

  constructor(
    readonly options: CliOptions,
    readonly terminal: Terminal,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly version: string,
  ) {}

  /** @throws CliError with every error in the file, each at its line */
  async open(): Promise<OpenFile> {
    const { file: path } = this.options;
    const text = await this.terminal.read(path);
    const { file, problems } = readSettingsFile(text);
    const lines = problems.map((problem) => problemLine(path, text, problem));
    if (!file) {
      throw new CliError(lines.join('\n'));
    }
    this.terminal.warn(lines);
    return { text, file, targets: this.chosen(file.environments) };
  }

  plans({ file, targets }: OpenFile): Promise<readonly EnvironmentPlan[]> {
    const clientOf = this.clientsOf(targets);
    const { signal } = this.terminal;
    return planFile(file, targets, async (target) => clientOf(target), { signal });
  }

  /**
   * Plans exactly what an earlier plan says. A settings file that marks its environments counts, as it does in VS Code.
   *
   * @throws CliError if the server has changed since, or the settings file can't be read
   */
  async plansOfProposal(path: string): Promise<readonly PlannedEnvironment[]> {
    const read = readChangeFile(await this.terminal.read(path));
    if ('problem' in read) {
      throw new CliError(`${path}: ${read.problem}`);
    }
    const { by, why, createdAt } = read.file;
    if (by !== undefined || why !== undefined) {
      this.terminal.info([proposalText({ by, why }, createdAt)]);
    }
    const marks = await this.marks();
    const proposed = read.file.environments
      .filter(({ changes }) => changes.length > 0)
      .map(({ target, changes }) => ({ target: withMarks(target, marks), changes }));
    const targets = this.chosen(proposed.map(({ target }) => target));
    const clientOf = this.clientsOf(targets);
    const plans: PlannedEnvironment[] = [];
    for (const proposal of proposed.filter(({ target }) => targets.includes(target))) {
      const { target } = proposal;
      const found = planProposal(proposal, await this.now(target, clientOf));
      if (found.kind === 'refused') {
        throw new CliError(sentences(cantBeChangedAs(target.name, 'planned'), found.why, nothingSent));
      }
      if (found.conflicts.length > 0) {
        const names = found.conflicts.map((one) => pathText(one.path));
        throw new CliError(
          `${target.name}: ${list(names)} ${names.length === 1 ? 'has' : 'have'} changed in PostHog since the plan was made. ${nothingSent} Make a new plan.`,
        );
      }
      plans.push(found.plan);
    }
    return plans;
  }

  /** Finds the client of an environment's host. */
  clientsOf(targets: readonly FileEnvironment[]): (target: FileEnvironment) => PostHogClient {
    const origins = new Set(targets.map(({ host }) => host));
    const readOnly = targets.filter(({ isReadOnly }) => isReadOnly);
    return ({ host }) => {
      if (host === sandboxHost) {
        throw new PostHogError({
          kind: 'bad-address',
          what: 'The sandbox only runs in VS Code.',
          why: '',
          remedy: 'Choose other environments with --environment.',
        });
      }
      const key = keyFor(host, origins, this.env);
      const client =
        this.clients.get(host) ??
        new PostHogClient({
          origin: host,
          key: async () => key,
          transport: fetchTransport,
          userAgent: `posthog-environments-cli/${this.version}`,
          whyReadOnly: async (id) =>
            readOnly.some((one) => one.host === host && one.id === id)
              ? fileSaysReadOnly(this.options.file)
              : undefined,
        });
      this.clients.set(host, client);
      return client;
    };
  }

  /** How the settings file marks environments, if there is one. @throws CliError */
  private async marks(): Promise<readonly FileMark[]> {
    const { file: path, isFileChosen } = this.options;
    const text = isFileChosen ? await this.terminal.read(path) : await this.terminal.readIfThere(path);
    return text === undefined ? [] : marksOf(path, text);
  }

  /** What an environment has now. @throws CliError with what to do about it if it can't be read */
  private async now(
    target: FileEnvironment,
    clientOf: (target: FileEnvironment) => PostHogClient,
  ): ReturnType<typeof readNow> {
    try {
      return await readNow(clientOf(target), target, this.terminal.signal);
    } catch (error) {
      throw isPostHogError(error) ? new CliError(`${target.name}: ${failureText(error, target)}`) : error;
    }
  }

  private chosen(environments: readonly FileEnvironment[]): readonly FileEnvironment[] {
    const { environments: names } = this.options;
    const unknown = names.filter((name) => !environments.some((one) => one.name === name));
    if (unknown.length > 0) {
      const known = list(environments.map(({ name }) => `"${name}"`));
      throw new CliError(
        `There is no environment ${list(unknown.map((name) => `"${name}"`))} in the file.${known === '' ? '' : ` It has ${known}.`}`,
      );
    }
    return names.length === 0 ? environments : environments.filter(({ name }) => names.includes(name));
  }
}
