import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { KnownOrganizations } from '../directory/organizationName';
import type { History } from '../operations/history/history';
import type { LazyPlaceStatus } from '../ui/lazyPlaceStatus';
import type { ReportTarget } from './reportTargets';
import type { RowsDocument } from './rowsDocument';
import type { RowsReading } from './rowsReading';

/** Read-only documents made from a response: web vitals as JSON, the first rows of a table. */
export const reportScheme = 'posthog-env-report';

/** What reports need. */
export interface ReportServices {
  connections: Connections;
  directory: KnownOrganizations;
  log: vscode.LogOutputChannel;
  /** What was written to PostHog. */
  history(): Promise<History>;
  place: LazyPlaceStatus;
}

/** An open report. */
export interface Report {
  readonly target: ReportTarget;
  readonly text: string;
  readonly mtime: number;
  /** The rows that the text was created from. */
  readonly rows?: RowsReading & { document: RowsDocument };
}
