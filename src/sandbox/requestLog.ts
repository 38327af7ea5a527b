import { isJsonObject } from './json';
import type { JsonValue } from './json';
import type { SandboxRequest } from './request';
import type { LoggedRequest } from './types';

const REDACTED = '[redacted]';

/** A sandbox may run as long as VS Code does, so the log forgets its oldest requests. */
const MAX_ENTRIES = 5000;

/** One request while it is being answered. */
export interface OpenRecord {
  body(body: JsonValue | undefined): void;
  close(status: number): void;
}

/** Every request, without keys. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly open_ = new WeakMap<SandboxRequest, LoggedRequest>();

  all(): readonly LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }

  /** Takes a request down at once, so that the log has the order of arrival. Status 0 until it is answered. */
  open(request: SandboxRequest): OpenRecord {
    const entry: LoggedRequest = {
      method: request.method,
      path: request.path,
      query: Object.fromEntries(
        [...request.query].map(([name, value]) => [name, name === 'personal_api_key' ? REDACTED : value]),
      ),
      status: 0,
      keyName: null,
      headers: headersOf(request),
    };
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES) {
      this.entries.splice(0, this.entries.length - MAX_ENTRIES);
    }
    this.open_.set(request, entry);
    return {
      body: (body) => {
        if (body !== undefined) {
          entry.body =
            isJsonObject(body) && Object.hasOwn(body, 'personal_api_key')
              ? { ...body, personal_api_key: REDACTED }
              : body;
        }
      },
      close: (status) => {
        entry.status = status;
      },
    };
  }

  /** Notes whose key it was. */
  identify(request: SandboxRequest, keyName: string): void {
    const entry = this.open_.get(request);
    if (entry) {
      entry.keyName = keyName;
    }
  }
}

function headersOf(request: SandboxRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) {
      headers[name] = name === 'authorization' || name === 'cookie' ? REDACTED : String(value);
    }
  }
  return headers;
}
