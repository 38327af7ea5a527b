import type { ActivityEntry, ServerProfile } from '../../../../src/posthog/models';
import type { HttpRequest, HttpResponse, Transport } from '../../../../src/posthog/http';
import { settingsDocument } from '../../../../src/settings/document';
import { tableDocument } from '../../../../src/warehouse/tableDocument';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../../../src/json/json';

export const ENVIRONMENT = 7;
export const TABLE = '018f2c1e-0000-4000-8000-000000000001';

export type Kind = 'settings' | 'table';

/** What happens to a request. The last one is applied long after its sender gave up. */
export const fates = ['fine', 'lost', 'failed', 'answerLost', 'failedAfter', 'late'] as const;
export type Fate = (typeof fates)[number];

/** A request that hasn't reached the server yet, or whose response hasn't reached its sender yet. */
export interface Flight {
  readonly owner: number;
  readonly request: HttpRequest;
  /** Set once the server has processed it: delivers the response. */
  answer?: () => void;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: Error) => void;
}

/** A value that the server replaced. */
export interface Replaced {
  readonly kind: Kind;
  readonly path: string;
  readonly from: JsonValue | undefined;
  /** When the replaced value had been set. */
  readonly setAt: number;
}

export type Generation = ServerProfile['generation'];

/** Objects that PATCH merges, and how many levels deep; older servers replace modifiers (API facts 4.4). */
const merged: Readonly<Record<Generation, Readonly<Record<string, number>>>> = {
  current: { survey_config: 1, session_replay_config: 2, columns: 1, modifiers: 1 },
  documented: { survey_config: 1, session_replay_config: 2, columns: 1 },
};
/** A setting that the plan doesn't include: ignored with 200. */
export const ignored = 'default_data_theme';
/** An array whose items PostHog adds to. */
const completed = 'test_account_filters';

/**
 * How PostHog stores a value (API facts 4.5, 9.1), implemented from the facts rather than the product's code: trimmed
 * strings, sites without empty items, decimals as strings.
 */
function tidy(key: string, value: JsonValue | undefined): JsonValue | undefined {
  if (key === 'session_recording_sample_rate' && value !== null && value !== undefined) {
    return Number(value).toFixed(2);
  }
  if (typeof value === 'string') {
    return value.trim();
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => tidy('', item) ?? null);
    return key === 'app_urls'
      ? items.filter((item) => item !== null && item !== '')
      : items.map((item) =>
          key === completed && isJsonObject(item) ? { ...item, cohort_name: 'Cohort' } : item,
        );
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tidy('', part)]))
    : value;
}

/** What identifies the items of an array. */
const identities: Readonly<Record<string, string>> = {
  path_cleaning_filters: 'alias',
  test_account_filters: 'key',
  customChannelTypeRules: 'id',
};
/** Arrays in which the order means nothing. */
const sets = new Set(['app_urls', 'preferred_events']);

/** Everything that can be changed individually, by path, including parts of values that PATCH replaces as a whole. */
export function piecesOf(document: JsonObject): Map<string, JsonValue> {
  const found = new Map<string, JsonValue>();
  const walk = (path: string, key: string, value: JsonValue | undefined): void => {
    const identity = identities[key];
    if (isJsonObject(value)) {
      for (const [name, part] of Object.entries(value)) {
        walk(`${path}.${name}`, name, part);
      }
    } else if (Array.isArray(value) && sets.has(key)) {
      value.forEach((item) => found.set(`${path}{${JSON.stringify(item)}}`, true));
    } else if (Array.isArray(value) && identity !== undefined) {
      value.forEach((item) =>
        walk(`${path}[${isJsonObject(item) ? JSON.stringify(item[identity]) : '?'}]`, '', item),
      );
    } else if (value !== undefined) {
      found.set(path, value);
    }
  };
  for (const [key, value] of Object.entries(document)) {
    walk(key, key, value);
  }
  return found;
}

/** The paths at which two versions differ. */
export const differing = (
  left: ReadonlyMap<string, JsonValue>,
  right: ReadonlyMap<string, JsonValue>,
): string[] =>
  [...new Set([...left.keys(), ...right.keys()])].filter(
    (path) => !jsonEquals(left.get(path), right.get(path)),
  );

/** A document as PostHog would store it. */
export const tidied = (document: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(document).map(([key, value]) => [key, tidy(key, value)]));

/** The server's value after another one was sent. */
export const sentOver = (
  generation: Generation,
  key: string,
  old: JsonValue | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined => merge(old, tidy(key, value), merged[generation][key] ?? 0);

function merge(
  old: JsonValue | undefined,
  value: JsonValue | undefined,
  depth: number,
): JsonValue | undefined {
  return depth > 0 && isJsonObject(old) && isJsonObject(value)
    ? {
        ...old,
        ...Object.fromEntries(
          Object.entries(value).map(([key, part]) => [key, merge(old[key], part, depth - 1)]),
        ),
      }
    : value;
}

/** How many activity log entries are returned: a page. */
const loggedEntries = 100;

/** One environment and one table on a server, behind the transport port: nothing happens until told to. */
export class ModelServer {
  readonly flights: Flight[] = [];
  /** Requests that will still be applied although their senders gave up. */
  readonly late: Flight[] = [];
  /** Changes of the settings, newest first, as in the activity log (API facts 5.5). */
  readonly activity: ActivityEntry[] = [];
  /** Every change of a key: when, and by which request, if any. */
  readonly changes: { readonly key: string; readonly at: number; readonly by: Flight | undefined }[] = [];
  /** Incremented with every change. */
  clock = 0;
  onServed: (flight: Flight, kind: Kind, document: JsonObject) => void = () => undefined;
  onApplied: (
    flight: Flight,
    kind: Kind,
    body: JsonObject,
    replaced: readonly Replaced[],
    isLate: boolean,
  ) => void = () => undefined;
  readonly #setAt = new Map<string, number>();
  readonly #state: Record<Kind, JsonObject> = {
    settings: {
      id: ENVIRONMENT,
      name: 'Shop',
      product_description: 'Boots',
      timezone: 'UTC',
      week_start_day: 1,
      base_currency: 'EUR',
      default_data_theme: 1,
      person_display_name_properties: ['email'],
      test_account_filters: [],
      session_recording_sample_rate: '0.50',
      session_replay_config: { record_canvas: false, ai_config: { opt_in: false, preferred_events: [] } },
      survey_config: { appearance: { position: 'left' } },
      feature_flag_confirmation_message: 'Sure?',
      extra_settings: { a: 1 },
      app_urls: ['https://example.com'],
      path_cleaning_filters: [
        { alias: '/a', regex: 'a' },
        { alias: '/b', regex: 'b' },
      ],
      modifiers: { debug: false },
    },
    table: {
      id: TABLE,
      name: 'orders',
      format: 'Parquet',
      url_pattern: 'https://bucket.s3.amazonaws.com/0/*.parquet',
      columns: ['id', 'total', 'note'].map((name) => ({
        key: name,
        name,
        type: 'string',
        schema_valid: true,
      })),
      external_data_source: null,
      external_schema: null,
      credential: null,
      deleted: false,
      created_at: '2026-01-05T10:00:00Z',
    },
  };

  constructor(readonly generation: Generation) {}

  document(kind: Kind): JsonObject {
    const raw = structuredClone(this.#state[kind]);
    return kind === 'settings' ? settingsDocument(raw) : { ...tableDocument(raw) };
  }

  transport(owner: number): Transport {
    return (request) =>
      new Promise((resolve, reject) => {
        this.flights.push({ owner, request, resolve, reject });
      });
  }

  /** Changes something immediately, as a script would. */
  change(kind: Kind, changes: JsonObject, by?: Flight): readonly Replaced[] {
    const { generation } = this;
    const document = this.document(kind);
    const before = piecesOf(document);
    const state = this.#state[kind];
    for (const [key, value] of Object.entries(changes)) {
      if (key === 'columns' && kind === 'table') {
        const types = isJsonObject(value) ? value : {};
        state.columns = (Array.isArray(state.columns) ? state.columns : []).map((column) =>
          isJsonObject(column)
            ? {
                ...column,
                type: types[typeof column.name === 'string' ? column.name : ''] ?? column.type ?? null,
              }
            : column,
        );
      } else if (key !== ignored && key in state) {
        state[key] = sentOver(generation, key, state[key], value) ?? null;
      }
    }
    this.clock += 1;
    this.#log(kind, document, by);
    return differing(before, piecesOf(this.document(kind))).map((path) => {
      const id = `${kind} ${path}`;
      const setAt = this.#setAt.get(id) ?? 0;
      this.#setAt.set(id, this.clock);
      return { kind, path, from: before.get(path), setAt };
    });
  }

  #log(kind: Kind, before: JsonObject, by: Flight | undefined): void {
    const after = this.document(kind);
    const changes = Object.keys(after).flatMap((field) =>
      jsonEquals(before[field], after[field])
        ? []
        : [{ field, before: before[field], after: after[field], action: 'changed' }],
    );
    this.changes.push(...changes.map(({ field }) => ({ key: field, at: this.clock, by })));
    if (kind === 'settings' && changes.length > 0) {
      const name = by ? `Editor ${by.owner}` : 'Script';
      this.activity.unshift({
        id: String(this.clock),
        user: { id: by?.owner, first_name: name },
        ...{ activity: 'updated', scope: 'Team', is_system: false, created_at: new Date().toISOString() },
        changes,
      });
      this.activity.splice(loggedEntries);
    }
  }

  /** Delivers a request to the server. Its response waits, or its sender immediately learns that there is none. */
  serve(flight: Flight, fate: Fate): void {
    const { request } = flight;
    const gone = (): void =>
      flight.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const failed = (): void =>
      flight.resolve(
        answer(500, { type: 'server_error', code: 'error', detail: 'A server error occurred.', attr: null }),
      );
    if (fate === 'late' && request.method !== 'GET') {
      this.late.push(flight);
      flight.answer = gone;
    } else if (fate === 'lost' || fate === 'late') {
      flight.answer = gone;
    } else if (fate === 'failed') {
      flight.answer = failed;
    } else {
      const body = this.#carryOut(flight, false);
      flight.answer =
        fate === 'fine' ? () => flight.resolve(answer(200, body)) : fate === 'answerLost' ? gone : failed;
    }
  }

  /** Applies a request whose sender gave up. */
  deliverLate(flight: Flight): void {
    this.late.splice(this.late.indexOf(flight), 1);
    this.#carryOut(flight, true);
  }

  /** Delivers a response. */
  answer(flight: Flight): void {
    this.flights.splice(this.flights.indexOf(flight), 1);
    flight.answer?.();
  }

  #carryOut(flight: Flight, isLate: boolean): JsonObject | undefined {
    const { method, url, body: text } = flight.request;
    const kind: Kind = url.includes('warehouse_tables') ? 'table' : 'settings';
    const isTypes = url.includes('update_schema');
    if (method !== 'GET') {
      const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : {};
      const sent = isJsonObject(parsed) ? parsed : {};
      const body = isTypes ? { columns: sent.updates } : sent;
      this.onApplied(flight, kind, body, this.change(kind, body, flight), isLate);
    }
    if (!isLate && !isTypes) {
      this.onServed(flight, kind, this.document(kind));
    }
    return isTypes ? undefined : structuredClone(this.#state[kind]);
  }
}

function answer(status: number, body: JsonObject | undefined): HttpResponse {
  const text = body === undefined ? '' : JSON.stringify(body);
  return {
    status,
    header: (name) => (name.toLowerCase() === 'content-type' ? 'application/json' : undefined),
    text: () => Promise.resolve(text),
  };
}
