import * as vscode from 'vscode';
import { connectionLabel } from '../connections/connectionLabel';
import { Canceled, failureText, isCanceled, noteOf } from '../connections/failures';
import { aroundText, whereText } from '../directory/organizationName';
import { isPostHogError } from '../posthog/errors';
import { fileError } from '../ui/fileErrors';
import { JsonSymbols } from '../ui/jsonSymbols';
import type { Place } from '../ui/placeStatus';
import { withProgress } from '../ui/progress';
import { parseReportUri, reportUri } from './reportUri';
import { samePlaces, type ComparedPlace, type ReportTarget } from './reportTargets';
import type { Comparisons } from './comparisons';
import { rowsDocument } from './rowsDocument';
import { RowsEditor } from './rowsEditor';
import { readRowsOf } from './rowsReading';
import { reportScheme, type Report, type ReportServices } from './reportServices';
import { vitalsJson, type VitalsSide } from './vitalsJson';
import { readVitals } from './vitalsReading';

const encoder = new TextEncoder();

/** The contents of read-only reports. Each is loaded once, and again on refresh or reload. */
export class Reports implements vscode.Disposable {
  private readonly open = new Map<string, Report>();
  private readonly loading = new Map<string, Promise<Report>>();
  private compared: Promise<Comparisons> | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly services: ReportServices,
    private readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>,
  ) {
    void services.place.add({ placesOf: reportPlaces });
    this.subscriptions = [
      new RowsEditor(this),
      new JsonSymbols({ scheme: reportScheme }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
    ];
  }

  peek(uri: vscode.Uri): Report | undefined {
    return this.open.get(uri.toString());
  }

  /**
   * Asks PostHog and stores the response for the document of the returned URI.
   *
   * @throws PostHogError, Canceled
   */
  async read(target: ReportTarget, signal: AbortSignal): Promise<vscode.Uri> {
    const uri = reportUri(target, (id) => connectionLabel(this.services.connections, id));
    await this.load(uri, target, signal);
    return uri;
  }

  /** The next read loads it again, as after a window reload. */
  forget(uri: vscode.Uri): void {
    const report = this.peek(uri);
    this.open.delete(uri.toString());
    if (report?.target.kind === 'comparison') {
      const { compared } = report.target;
      const other = [...this.open.values()].some(
        ({ target }) => target.kind === 'comparison' && samePlaces(target.compared.places, compared.places),
      );
      if (!other) {
        void this.comparisons().then((comparisons) => comparisons.forget(compared.places));
      }
    }
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, mtime } = await this.get(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime,
      size: encoder.encode(text).length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return encoder.encode((await this.get(uri)).text);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** From memory, or, after a window reload, from PostHog with progress that can be canceled. */
  private async get(uri: vscode.Uri): Promise<Report> {
    const known = this.peek(uri);
    if (known) {
      return known;
    }
    const key = uri.toString();
    let pending = this.loading.get(key);
    if (!pending) {
      pending = this.restore(uri).finally(() => this.loading.delete(key));
      this.loading.set(key, pending);
    }
    return pending;
  }

  private async restore(uri: vscode.Uri): Promise<Report> {
    const target = parseReportUri(uri);
    if (!target) {
      throw fileError('FileNotFound', `This isn't the URI of a PostHog report: ${uri.path}`);
    }
    try {
      return await withProgress(titleOf(this.services, target), (_report, signal) =>
        this.load(uri, target, signal),
      );
    } catch (error) {
      const text = isCanceled(error) ? (noteOf(error) ?? 'Canceled.') : failureText(error, this.services.log);
      const gone = isPostHogError(error) && error.kind === 'not-found';
      throw Object.assign(fileError(gone ? 'FileNotFound' : 'Unavailable', text), { cause: error });
    }
  }

  private async load(uri: vscode.Uri, target: ReportTarget, signal: AbortSignal): Promise<Report> {
    const content = await this.content(target, signal);
    if (signal.aborted) {
      throw new Canceled();
    }
    const known = this.peek(uri);
    const mtime = known?.text === content.text ? known.mtime : Math.max(Date.now(), (known?.mtime ?? 0) + 1);
    const report = { target, mtime, ...content };
    this.open.set(uri.toString(), report);
    if (known && known.mtime !== mtime) {
      this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    }
    return report;
  }

  private async content(target: ReportTarget, signal: AbortSignal): Promise<Pick<Report, 'text' | 'rows'>> {
    switch (target.kind) {
      case 'rows':
        return this.rows(target.place, signal);
      case 'change':
        return (await import('./changeSides')).changeSide(await this.services.history(), target.change);
      case 'comparison':
        return (await this.comparisons()).text(target.compared, signal);
      case 'web-vitals':
        return this.vitals(target, signal);
    }
  }

  /** Compared environments. */
  comparisons(): Promise<Comparisons> {
    this.compared ??= import('./comparisons').then(
      ({ Comparisons }) => new Comparisons(this.services.connections),
    );
    return this.compared;
  }

  private async rows(
    place: Extract<ReportTarget, { kind: 'rows' }>['place'],
    signal: AbortSignal,
  ): Promise<Pick<Report, 'text' | 'rows'>> {
    const { connections, directory } = this.services;
    const reading = await readRowsOf(connections, place, signal);
    const document = rowsDocument(reading, place, aroundText({ connections, directory }, place));
    return { text: document.text, rows: { ...reading, document } };
  }

  private async vitals(
    { places }: Extract<ReportTarget, { kind: 'web-vitals' }>,
    signal: AbortSignal,
  ): Promise<Pick<Report, 'text'>> {
    const { connections } = this.services;
    const sides = await Promise.all(
      places.map(async (place): Promise<VitalsSide> => ({
        place,
        reading: await readVitals(connections, place, signal),
        connection: connections.get(place.connectionId),
      })),
    );
    return { text: vitalsJson(sides) };
  }
}

/** The place that the report in a tab belongs to. */
function reportPlaces(input: unknown): readonly Place[] {
  const uri = input instanceof vscode.TabInputText ? input.uri : undefined;
  const target = parseReportUri(input instanceof vscode.TabInputTextDiff ? input.modified : uri);
  switch (target?.kind) {
    case undefined:
      return [];
    case 'rows':
      return [{ ...target.place, name: target.place.environmentName }];
    case 'change': {
      const { connectionId, organization, environmentId: id, environmentName: name } = target.change;
      return [{ connectionId, organization, environment: { id, projectId: id }, name }];
    }
    case 'comparison':
      return target.compared.places;
    case 'web-vitals':
      return target.places;
  }
}

/** What titles need. */
type Places = Pick<ReportServices, 'connections' | 'directory'>;

/** The title of its progress. */
export function titleOf(places: Places, target: ReportTarget): string {
  switch (target.kind) {
    case 'change':
      return `Getting the history of ${target.change.name}`;
    case 'rows':
      return `Getting rows of ${target.place.name} in ${whereText(places, target.place, target.place.environmentName ?? `environment ${target.place.environment.id}`)}`;
    case 'comparison':
      return comparisonTitle(places, target.compared.places);
    case 'web-vitals':
      return `Getting web vitals of ${target.places.map((place) => `${place.path} in ${whereText(places, place, place.name)}`).join(' and ')}`;
  }
}

/** The title of the progress of a comparison. */
export const comparisonTitle = (places: Places, compared: readonly ComparedPlace[]): string =>
  `Comparing ${compared.map((place) => whereText(places, place, place.name)).join(' and ')}`;
