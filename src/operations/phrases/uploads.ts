import { columnsText } from './sentences';

/** For a file that became a table. @param existed the table already existed */
export const isUploaded = (file: string, table: string, columns: number, existed: boolean): string =>
  existed
    ? `${file} replaced the content of ${table}, which now has ${columnsText(columns)}.`
    : `Uploaded ${file} as ${table} with ${columnsText(columns)}.`;

const uploadAgain = 'You can safely upload the file again.';

/** For a file that didn't arrive. */
export const noTableTouched = `No table was created or changed. ${uploadAgain}`;

/** For a failed upload that left something behind. */
export const hasLeftEmptyTable = (table: string): string =>
  `The upload left an empty table ${table} without columns.`;

export const leftoverRemoved = (table: string): string => `Removed ${table}. Nothing is left of the upload.`;

/** @param why the sentences of the outcome */
export const notRemoved = (table: string, why: string): string =>
  `${table} wasn't removed. ${why} Use Delete Table… to try again.`;

/** For a file that PostHog accepted without listing its table. */
export const tookWithoutListing = (file: string, table: string): string =>
  `PostHog accepted ${file}, but doesn't list the table ${table} yet. It may still be creating it. Refresh the list in a moment.`;

export const couldNotConfirmUpload = (file: string, table: string): string =>
  `Couldn't confirm what happened to ${file}. Refresh the list when PostHog is reachable to see whether the table ${table} exists.`;

/** For the table of an upload, if a check found nothing of the file. */
export function stateAfterUpload(
  table: string,
  existed: boolean,
  now: { readonly columns: readonly unknown[] } | undefined,
): string {
  const state = !existed
    ? `there is no table ${table}. ${uploadAgain}`
    : !now
      ? `the table ${table} no longer exists. Upload the file again to create it.`
      : now.columns.length === 0
        ? `${table} no longer has any columns. Upload a file that PostHog can read.`
        : `the columns of ${table} haven't changed, but its file may have been replaced. Check its rows.`;
  return `Checked again: ${state}`;
}

/** For an upload that was canceled before the whole file was sent. @param sent how much was */
export const uploadCanceled = (file: string, sent: string): string =>
  `Canceled after ${sent} of ${file}. Nothing has changed in PostHog.`;

/** For an upload that was canceled later. */
export function uploadCanceledLate(
  file: string,
  table: string,
  state: 'stored' | 'overwriting' | 'made' | 'absent' | 'unknown',
): string {
  const states = {
    stored: "PostHog won't create a table from it, but may keep the file.",
    overwriting: `${table} may already have the new content.`,
    made: `PostHog has created the table ${table} from it.`,
    absent: `There is no table ${table} yet, but PostHog may still create it.`,
    unknown: `Couldn't check whether the table ${table} exists.`,
  };
  return `Canceled after all of ${file} was sent. ${states[state]}`;
}
