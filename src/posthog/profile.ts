import { isJsonObject } from '../json/json';
import { keyOf } from '../settings/keys';
import { untilAborted } from './abort';
import { Canceled, isPostHogError, isStop } from './errors';
import type { PostHogError } from './errors';
import type { EnvironmentRef, SchemaAction, ServerProfile } from './models';
import type { Requester } from './request';

/** An environment that the probes may read. */
export interface ProfileSample {
  projectId: number;
  environmentId: number;
}

/** A detection that all waiting callers share. */
interface Detection {
  sample: ProfileSample;
  result: Promise<ServerProfile>;
  stop: AbortController;
  waiting: number;
}

/** Knows which API a server speaks, detects it when needed, and notices when the server was upgraded. */
export class ProfileKeeper {
  readonly #http: Requester;
  readonly #onProfile: ((profile: ServerProfile) => void) | undefined;
  #profile: ServerProfile | undefined;
  #running: Detection | undefined;
  /** Probing again changed nothing, so another attempt would only cost requests. */
  #confirmed = false;

  constructor(
    http: Requester,
    profile: ServerProfile | undefined,
    onProfile: ((profile: ServerProfile) => void) | undefined,
  ) {
    this.#http = http;
    this.#profile = profile;
    this.#onProfile = onProfile;
  }

  get profile(): ServerProfile | undefined {
    return this.#profile;
  }

  /** Adds to what is known. */
  remember(learned: Partial<ServerProfile>): void {
    const before = this.#profile;
    if (before === undefined) {
      return;
    }
    const after = { ...before, ...learned };
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      this.#keep(after);
    }
  }

  /** Whether the server allows API keys to do something to a table's columns; undefined until tried. */
  takesKeysFor(action: SchemaAction): boolean | undefined {
    return this.#profile?.schemaActions?.[action];
  }

  /** Remembers it for one action: servers may allow API keys only one of the two. */
  rememberAction(action: SchemaAction, takesKeys: boolean): void {
    this.remember({ schemaActions: { ...this.#profile?.schemaActions, [action]: takesKeys } });
  }

  /** Forgets cached refusals and missing endpoints so the next call retries them: the server may have been updated. */
  forgetRefusals(): void {
    if (this.#profile === undefined) {
      return;
    }
    const { schemaActions = {}, uploadRoute, ...profile } = this.#profile;
    const taken = Object.entries(schemaActions).filter(([, takesKeys]) => takesKeys);
    const after: ServerProfile = {
      ...profile,
      ...(taken.length > 0 && { schemaActions: Object.fromEntries(taken) }),
      ...(uploadRoute === 'upload_file' && { uploadRoute }),
    };
    if (
      Object.keys(after).length < Object.keys(this.#profile).length ||
      taken.length < Object.keys(schemaActions).length
    ) {
      this.#keep(after);
    }
  }

  /** Probes the server, even if it's known. Concurrent callers share the probes. */
  async detect(sample: ProfileSample, signal: AbortSignal): Promise<ServerProfile> {
    const running = this.#running ?? this.#start(sample);
    running.waiting += 1;
    try {
      return await untilAborted(running.result, signal);
    } catch (error) {
      // The environment of the other caller may be gone, which says nothing about this one.
      if (!signal.aborted && running.sample.environmentId !== sample.environmentId) {
        return await this.detect(sample, signal);
      }
      throw isStop(error) ? error : new Canceled();
    } finally {
      running.waiting -= 1;
      if (running.waiting === 0) {
        running.stop.abort();
        this.#forget(running);
      }
    }
  }

  /** What is known, or else the result of probing. */
  async ensure(ref: EnvironmentRef, signal: AbortSignal): Promise<ServerProfile> {
    return this.#profile ?? (await this.detect(sampleOf(ref), signal));
  }

  /**
   * Runs a call with the known routes. If the server doesn't have a route any longer (or yet), probes it once and, if
   * it has changed, runs the call again. Nothing was applied in that case.
   */
  async along<T>(
    ref: EnvironmentRef,
    signal: AbortSignal,
    run: (profile: ServerProfile) => Promise<T>,
  ): Promise<T> {
    const before = await this.ensure(ref, signal);
    try {
      return await run(before);
    } catch (error) {
      if (!isPostHogError(error) || !saysRouteMoved(error, ref, before)) {
        throw error;
      }
      if (error.kind === 'environments-gone') {
        this.#confirmed = false;
      }
      const after = await this.redetect(ref, before, signal);
      if (after === undefined) {
        throw error;
      }
      return await run(after);
    }
  }

  /**
   * Runs a call that only `documented` servers support. If the server no longer does, it was upgraded. The next call
   * detects to what, because the upgrade may have removed the project of this call.
   */
  async whileThere<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const isGone = isPostHogError(error) && error.kind === 'environments-gone';
      if (isGone && this.#profile?.generation === 'documented') {
        this.#profile = undefined;
        this.#confirmed = false;
      }
      throw error;
    }
  }

  /**
   * Probes again if something doesn't fit, for example if settings lack a field that complete ones have (API facts 0).
   *
   * @returns the new profile, or undefined if nothing has changed
   */
  async redetect(
    ref: EnvironmentRef,
    before: ServerProfile,
    signal: AbortSignal,
  ): Promise<ServerProfile | undefined> {
    const known = this.#profile;
    if (known !== undefined && !sameRoutes(known, before)) {
      return known;
    }
    if (this.#confirmed) {
      return undefined;
    }
    const after = await this.detect(sampleOf(ref), signal);
    this.#confirmed = sameRoutes(before, after);
    return this.#confirmed ? undefined : after;
  }

  #start(sample: ProfileSample): Detection {
    const stop = new AbortController();
    const running: Detection = {
      sample,
      stop,
      waiting: 0,
      result: this.#probe(sample, stop.signal)
        .then((profile) => this.#learn(profile))
        .finally(() => this.#forget(running)),
    };
    this.#running = running;
    return running;
  }

  #forget(running: Detection): void {
    if (this.#running === running) {
      this.#running = undefined;
    }
  }

  /** Adopts the result of probing. Anything else that is known stays valid if the routes are the same. */
  #learn(probed: ServerProfile): ServerProfile {
    const before = this.#profile;
    return this.#keep(before !== undefined && sameRoutes(before, probed) ? { ...before, ...probed } : probed);
  }

  #keep(profile: ServerProfile): ServerProfile {
    this.#profile = profile;
    this.#onProfile?.(profile);
    return profile;
  }

  /** The cheap probes of API facts 1.10. */
  async #probe(sample: ProfileSample, signal: AbortSignal): Promise<ServerProfile> {
    if (await this.#hasNestedEnvironments(sample, signal)) {
      return { generation: 'documented', settingsRoute: 'nested', webVitalsRoute: 'environments' };
    }
    const complete = await this.#projectsAreComplete(sample, signal);
    return { generation: 'current', settingsRoute: complete ? 'projects' : 'environments' };
  }

  async #hasNestedEnvironments(sample: ProfileSample, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#http.send({
        method: 'GET',
        path: `/api/projects/${sample.projectId}/environments/`,
        query: { limit: 1 },
        signal,
      });
      return true;
    } catch (error) {
      if (!isPostHogError(error)) {
        throw error;
      }
      if (error.kind === 'environments-gone' || error.kind === 'endpoint-missing') {
        return false;
      }
      // A removed route is refused before the key or the project is checked, so such a check means that it exists.
      if (['missing-scope', 'forbidden', 'not-found'].includes(error.kind)) {
        return true;
      }
      throw error;
    }
  }

  async #projectsAreComplete(sample: ProfileSample, signal: AbortSignal): Promise<boolean> {
    try {
      const path = `/api/projects/${sample.environmentId}/`;
      const { json } = await this.#http.send({ method: 'GET', path, signal });
      return isJsonObject(json) && hasCompleteSettings(json);
    } catch (error) {
      if (isPostHogError(error) && error.kind === 'endpoint-missing') {
        return false;
      }
      if (isPostHogError(error) && (error.kind === 'missing-scope' || error.kind === 'forbidden')) {
        return true;
      }
      throw error;
    }
  }
}

const sampleOf = (ref: EnvironmentRef): ProfileSample => ({
  projectId: ref.projectId,
  environmentId: ref.id,
});

const sameRoutes = (left: ServerProfile, right: ServerProfile): boolean =>
  left.generation === right.generation && left.settingsRoute === right.settingsRoute;

/**
 * Whether a refusal suggests that the known routes are wrong. An environment with its own project ID comes from a
 * `documented` server. If a `current` one doesn't find it, the server may have been downgraded.
 */
const saysRouteMoved = (error: PostHogError, ref: EnvironmentRef, profile: ServerProfile): boolean =>
  error.kind === 'environments-gone' ||
  error.kind === 'endpoint-missing' ||
  (error.kind === 'not-found' && profile.generation === 'current' && ref.id !== ref.projectId);

/** Whether settings are complete: older, shorter ones lack a key that complete ones have (API facts 0). */
export const hasCompleteSettings = (settings: object): boolean => keyOf.completeness in settings;
