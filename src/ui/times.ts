import * as vscode from 'vscode';

/**
 * Whether a time is in the future.
 *
 * @param iso an ISO 8601 date-time; anything else counts as in the future
 */
export function isAhead(iso: string, byMs = 0): boolean {
  return !(new Date(iso).getTime() <= Date.now() + byMs);
}

/**
 * A time in the user's language and time zone: `Nov 28, 2026, 10:00 AM`.
 *
 * @param iso an ISO 8601 date-time; anything else is returned unchanged
 */
export function shortTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? iso
    : new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}
