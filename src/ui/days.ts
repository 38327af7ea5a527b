import * as vscode from 'vscode';
import { shortTime } from './times';

/** The time of day of a point in time: `10:00 AM`. */
export function clockTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? iso
    : new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'short' }).format(time);
}

/** A point in time for a sentence: `at 10:00 AM`, or `on Nov 28, 2026, 10:00 AM` if it isn't today. */
export const whenText = (iso: string): string =>
  dayOf(iso) === 'Today' ? `at ${clockTime(iso)}` : `on ${shortTime(iso)}`;

/** The day of a point in time, as a heading: `Today`, `Yesterday`, or `Friday, November 27, 2026`. */
export function dayOf(iso: string): string {
  const time = new Date(iso);
  const startOf = (date: Date): number =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  // Not 24 hours: a day can have 23 or 25.
  const days = Math.round((startOf(new Date()) - startOf(time)) / 86_400_000);
  if (Number.isNaN(days)) {
    return 'Another day';
  }
  return days === 0
    ? 'Today'
    : days === 1
      ? 'Yesterday'
      : new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'full' }).format(time);
}
