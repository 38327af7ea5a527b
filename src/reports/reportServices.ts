import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { History } from '../operations/history/history';
import type { LazyPlaceStatus } from '../ui/lazyPlaceStatus';
import type { ReportTarget } from './reportTargets';
import type { RowsDocument } from './rowsDocument';
import type { RowsReading } from './rowsReading';

/** Read-only documents made of an answer: web vitals as JSON, the first rows of a table. */
export const reportScheme = 'posthog-env-report';

/** What reports are made with. */
export interface ReportServices {
  connections: Connections;
  log: vscode.LogOutputChannel;
  /** What was written to PostHog. */
  history(): Promise<History>;
  place: LazyPlaceStatus;
}

/** One open report. */
export interface Report {
  readonly target: ReportTarget;
  readonly text: string;
  readonly mtime: number;
  /** The rows that the text was made of. */
  readonly rows?: RowsReading & { document: RowsDocument };
}
