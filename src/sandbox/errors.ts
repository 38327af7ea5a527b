import type { JsonObject, JsonValue } from './json';

/** An endpoint's response. Without a `body`, the response body is empty, as for `update_schema`. */
export interface Reply {
  status: number;
  body?: JsonValue;
  headers?: Record<string, string>;
}

/** The six values of `type` in the error envelope (API facts 1.5). */
export type ErrorType =
  'authentication_error' | 'validation_error' | 'invalid_request' | 'throttled_error' | 'server_error';

/** An error in the envelope `{type, code, detail, attr}` (API facts 1.5). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /**
   * @param status HTTP status
   * @param code DRF code; pass `invalid_input` instead of the generic `invalid`
   * @param detail message for people, word for word as PostHog's
   * @param attr field path joined by `__`; null if no single field is at fault
   */
  constructor(
    readonly status: number,
    readonly type: ErrorType,
    readonly code: string,
    readonly detail: string,
    readonly attr: string | null = null,
    readonly headers: Record<string, string> = {},
  ) {
    super(detail);
  }

  reply(): Reply {
    const body: JsonObject = { type: this.type, code: this.code, detail: this.detail, attr: this.attr };
    return { status: this.status, body, headers: this.headers };
  }
}

/** An error outside the envelope: `{"message": …}` from table actions, `{"error": …}` from some others. */
export class PlainError extends Error {
  override readonly name = 'PlainError';

  constructor(
    readonly status: number,
    readonly key: 'message' | 'error',
    readonly text: string,
  ) {
    super(text);
  }

  reply(): Reply {
    return { status: this.status, body: { [this.key]: this.text } };
  }
}

/** 400 for one field or, if attr is null, for the whole body. */
export function invalid(detail: string, attr: string | null = null, code = 'invalid_input'): ApiError {
  return new ApiError(400, 'validation_error', code, detail, attr);
}

/** 403, with the type `authentication_error` as on the real server. */
export function forbidden(detail: string): ApiError {
  return new ApiError(403, 'authentication_error', 'permission_denied', detail);
}

/** 404 for an object, a project (`Project not found.`) or a path (`Endpoint not found.`). */
export function notFound(detail = 'Not found.'): ApiError {
  return new ApiError(404, 'invalid_request', 'not_found', detail);
}

/** 401 for a missing or unknown key. */
export function unauthenticated(
  code: 'not_authenticated' | 'authentication_failed',
  detail: string,
): ApiError {
  return new ApiError(401, 'authentication_error', code, detail);
}

/** 405, after authentication as in DRF. */
export function methodNotAllowed(method: string): ApiError {
  return new ApiError(405, 'invalid_request', 'method_not_allowed', `Method "${method}" not allowed.`);
}

/** 415 for a body that no parser accepts. */
export function unsupportedMediaType(mediaType: string): ApiError {
  return new ApiError(
    415,
    'invalid_request',
    'unsupported_media_type',
    `Unsupported media type "${mediaType}" in request.`,
  );
}

/** DRF's 500 for an unexpected failure. */
export function serverError(detail = 'A server error occurred.'): ApiError {
  return new ApiError(500, 'server_error', 'error', detail);
}
