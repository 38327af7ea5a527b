import { isJsonObject } from './json';
import type { JsonValue } from './json';
import type { SandboxRequest } from './request';
import type { LoggedRequest } from './types';

const REDACTED = '[redacted]';

/** A sandbox can run as long as VS Code does, so the log drops its oldest requests. */
const MAX_ENTRIES = 5000;

/** A request in progress. */
export interface OpenRecord {
  body(body: JsonValue | undefined): void;
  close(status: number): void;
}

/** Every request, with keys redacted. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly open_ = new WeakMap<SandboxRequest, LoggedRequest>();

  all(): readonly LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }

  /** Logs a request on arrival, so that the log is in order of arrival. The status is 0 until the response is sent. */
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

  /** Records whose key was used. */
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
