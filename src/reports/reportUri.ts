import * as v from 'valibot';
import * as vscode from 'vscode';
import { reportScheme } from './reportServices';
import {
  changeSideSchema,
  rowsPlaceSchema,
  vitalsPlacesSchema,
  type ReportTarget,
  type VitalsPlace,
} from './reportTargets';

/** The URI of a report: its path is what the tab shows, its query says all that is needed to ask again. */
export function reportUri(target: ReportTarget): vscode.Uri {
  const [id, fileName, query] = partsOf(target);
  return vscode.Uri.from({
    scheme: reportScheme,
    authority: target.kind,
    path: `/${id}/${fileName.replace(/[\\/:*?"<>|\s]+/g, ' ').trim()}`,
    query: JSON.stringify(query),
  });
}

function partsOf(target: ReportTarget): readonly [id: number, fileName: string, query: unknown] {
  switch (target.kind) {
    case 'rows':
      return [target.place.environment.id, `${target.place.name}.posthog-rows.txt`, target.place];
    case 'change':
      return [target.change.environmentId, `${target.change.name}.posthog-change.json`, target.change];
    case 'web-vitals':
      return [
        target.places[0]?.environment.id ?? 0,
        `web vitals of ${vitalsName(target.places)}.posthog-vitals.json`,
        target.places,
      ];
  }
}

function vitalsName([first, second]: readonly VitalsPlace[]): string {
  const named = (place: VitalsPlace | undefined): string =>
    place?.path === '/' ? 'start page' : (place?.path ?? '');
  if (!first || !second) {
    return named(first);
  }
  return first.path === second.path
    ? `${named(first)} in ${first.name} and ${second.name}`
    : `${named(first)} and ${named(second)}`;
}

/** The opposite of {@link reportUri}; `undefined` for a URI that is none of ours. */
export function parseReportUri(uri: vscode.Uri): ReportTarget | undefined {
  if (uri.scheme !== reportScheme) {
    return undefined;
  }
  const json = parseJson(uri.query);
  if (uri.authority === 'rows') {
    const place = v.safeParse(rowsPlaceSchema, json);
    return place.success ? { kind: 'rows', place: place.output } : undefined;
  }
  if (uri.authority === 'change') {
    const change = v.safeParse(changeSideSchema, json);
    return change.success ? { kind: 'change', change: change.output } : undefined;
  }
  const places = v.safeParse(vitalsPlacesSchema, json);
  return uri.authority === 'web-vitals' && places.success
    ? { kind: 'web-vitals', places: places.output }
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
