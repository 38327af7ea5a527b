import * as vscode from 'vscode';

/**
 * Whether a point in time is still to come.
 *
 * @param iso an ISO 8601 date-time; anything else is taken for one that is not over
 */
export function isAhead(iso: string, byMs = 0): boolean {
  return !(new Date(iso).getTime() <= Date.now() + byMs);
}

/**
 * A point in time as the person writes it, in their language and time zone: `Nov 28, 2026, 10:00 AM`.
 *
 * @param iso an ISO 8601 date-time; anything else is returned as it is
 */
export function shortTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? iso
    : new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}
