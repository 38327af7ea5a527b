import * as v from 'valibot';
import * as vscode from 'vscode';
import { segment } from '../json/segment';
import { reportScheme } from './reportServices';
import {
  changeSideSchema,
  comparedSchema,
  rowsPlaceSchema,
  vitalsPlacesSchema,
  type ReportTarget,
  type VitalsPlace,
} from './reportTargets';

/**
 * The URI of a report. The path is shown in tabs and breadcrumbs; the query has everything needed to load it again.
 *
 * @param labelOf the name of a connection
 */
export function reportUri(target: ReportTarget, labelOf: (connectionId: string) => string): vscode.Uri {
  const { connectionId, organization, environment, fileName, query } = partsOf(target);
  const names = [labelOf(connectionId), organization, environment, fileName];
  return vscode.Uri.from({
    scheme: reportScheme,
    authority: target.kind,
    path: `/${names.flatMap((name) => (name === undefined ? [] : segment(name))).join('/')}`,
    query: JSON.stringify(query),
  });
}

interface Parts {
  readonly connectionId: string;
  readonly organization?: string | undefined;
  /** The environment's name. */
  readonly environment: string;
  readonly fileName: string;
  readonly query: unknown;
}

function partsOf(target: ReportTarget): Parts {
  switch (target.kind) {
    case 'rows': {
      const { connectionId, organization, environmentName, environment, name } = target.place;
      return {
        ...{ connectionId, organization },
        environment: environmentName ?? `environment ${environment.id}`,
        fileName: `${name}.posthog-rows.txt`,
        query: target.place,
      };
    }
    case 'change': {
      const { connectionId, organization, environmentId, environmentName, name } = target.change;
      return {
        ...{ connectionId, organization },
        environment: environmentName ?? `environment ${environmentId}`,
        fileName: `${name}.posthog-change.json`,
        query: target.change,
      };
    }
    case 'comparison': {
      const { places, side } = target.compared;
      const [here, there] = side === 0 ? places : places.toReversed();
      return {
        connectionId: here?.connectionId ?? '',
        organization: here?.organization,
        environment: here?.name ?? '',
        fileName: `compared with ${there?.name ?? ''}.posthog-comparison.json`,
        query: target.compared,
      };
    }
    case 'web-vitals': {
      const [first] = target.places;
      return {
        connectionId: first?.connectionId ?? '',
        organization: first?.organization,
        environment: first?.name ?? '',
        fileName: `web vitals of ${vitalsName(target.places)}.posthog-vitals.json`,
        query: target.places,
      };
    }
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

/** The inverse of {@link reportUri}; `undefined` for any other URI. */
export function parseReportUri(uri: vscode.Uri | undefined): ReportTarget | undefined {
  if (uri?.scheme !== reportScheme) {
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
  if (uri.authority === 'comparison') {
    const compared = v.safeParse(comparedSchema, json);
    return compared.success ? { kind: 'comparison', compared: compared.output } : undefined;
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
