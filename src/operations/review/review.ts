import { asLines, asText } from '../../json/visibleText';
import { changeText } from '../changeText';
import type { Change } from '../changes';
import { consents, type Consent, type Consented } from './consent';
import type { PlannedRequest } from './curl';
import type { ReviewItem } from './reviewItems';

/** Where changes go, in words. */
export interface ReviewPlace {
  /** `Production`, or `orders in Production`. */
  readonly document: string;
  /** The environment's name, for the button. */
  readonly environment: string;
  readonly environmentId: number;
  readonly isProtected: boolean;
  readonly organization?: string | undefined;
  /** Scheme, host and port. */
  readonly host: string;
  readonly connection: string;
}

/** Changes of one environment or table that are reviewed before they are sent. */
export interface ReviewSubject {
  readonly place: ReviewPlace;
  /** Why it is reviewed. */
  readonly reason: string;
  readonly consent: Consent;
  readonly items: readonly ReviewItem[];
  /** Warnings about changes that PostHog would accept, as sentences. */
  readonly doubts: readonly string[];
  /** What is sent, in order. */
  readonly requests: readonly PlannedRequest[];
  /** What a rehearsal showed, or why there was none, as sentences; empty if rehearsals are off. */
  readonly rehearsed: readonly string[];
}

/** `Production · Hedgehog Outfitters · Work`: a destination on one line. */
export const placeText = ({ document, organization, connection }: ReviewPlace): string =>
  [document, organization, connection].filter((part) => part !== undefined).join(' · ');

/** What an answer to a review consents to. */
export const consentedBy = ({ consent, items, doubts, rehearsed }: ReviewSubject): Consented => ({
  consent,
  changes: items.map(({ change }) => change),
  notes: [...doubts, ...rehearsed],
});

const shownChanges = 12;
const shownName = 40;

/** A name, shortened to fit a button. */
export function shortName(name: string): string {
  const characters = Array.from(name);
  return characters.length > shownName ? `${characters.slice(0, shownName).join('')}…` : name;
}

/** `1 change`, `3 changes`. */
export const counted = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

/** The strongest consent first, then by name, because saves can come in any order. */
export const strongestFirst = (subjects: readonly ReviewSubject[]): readonly ReviewSubject[] =>
  [...subjects].sort(
    (one, other) =>
      consents.indexOf(other.consent) - consents.indexOf(one.consent) ||
      one.place.document.localeCompare(other.place.document),
  );

/** The words of a review: the action and its object. */
export interface ReviewWords {
  readonly verb: 'Save' | 'Copy' | 'Apply';
  /** Several targets. */
  readonly targets: 'documents' | 'environments';
  /** What else to know about targets that nothing is sent to, as sentences. */
  readonly aside: readonly string[];
}

const saving: ReviewWords = { verb: 'Save', targets: 'documents', aside: [] };

/** The button that sends, with the target's name. */
export function saveButton(
  subjects: readonly ReviewSubject[],
  { verb }: Pick<ReviewWords, 'verb'> = saving,
): string {
  const names = targetNames(subjects);
  const [first = '', second] = names;
  return asText(
    second === undefined
      ? `${verb} to ${first}`
      : names.length === 2
        ? `${verb} to ${first} and ${second}`
        : `${verb} to ${names.length} Environments`,
  );
}

/** The environments, each once, with as much of their places as needed to distinguish them. */
function targetNames(subjects: readonly ReviewSubject[]): readonly string[] {
  const targets = new Map(
    subjects.map(({ place }) => [JSON.stringify([place.host, place.connection, place.environmentId]), place]),
  );
  const places = [...targets.values()];
  const ways: readonly ((place: ReviewPlace) => string)[] = [
    ({ environment }) => shortName(environment),
    ({ environment, organization = '' }) => shortName(`${environment} · ${organization}`),
    (place) => placeText({ ...place, document: shortName(place.environment) }),
    ({ environment, environmentId }) => `${shortName(environment)} (${environmentId})`,
  ];
  const named = ways.map((way) => [...new Set(places.map(way))]);
  return named.find(({ length }) => length === places.length) ?? places.map(placeText);
}

/** What to ask before changes are sent. */
export function reviewQuestion(
  subjects: readonly ReviewSubject[],
  { verb, targets, aside }: ReviewWords = saving,
): { message: string; detail: string } {
  const [only] = subjects;
  const count = subjects.reduce((sum, { items }) => sum + items.length, 0);
  const target = subjects.length === 1 && only ? only.place.document : `${subjects.length} ${targets}`;
  const reasons = [...new Set(subjects.map(({ reason }) => reason))];
  return {
    message: asText(`${verb} ${counted(count)} to ${target}?`),
    // Each line separately, so that a name with line breaks can't pass for a line of ours.
    detail: asLines([
      ...reasons,
      ...subjects.flatMap((subject) => ['', ...subjectLines(subject, subjects.length)]),
      ...section(aside),
    ]),
  };
}

function subjectLines(
  { place, items, doubts, rehearsed }: ReviewSubject,
  subjectCount: number,
): readonly string[] {
  const limit = Math.max(3, Math.floor(shownChanges / subjectCount));
  const more = items.length - limit;
  const id = ` (${place.environmentId})`;
  // Names that were made distinct already include it.
  const named = place.environment.endsWith(id) ? place.environment : place.environment + id;
  const environment = `${named}${place.isProtected ? ', protected' : ''}`;
  return [
    // The title names a single document.
    ...(subjectCount > 1 && place.document !== place.environment ? [`Table: ${place.document}`] : []),
    `Environment: ${environment}`,
    ...(place.organization === undefined ? [] : [`Organization: ${place.organization}`]),
    `Host: ${place.host}`,
    `Connection: ${place.connection}`,
    '',
    ...items.slice(0, limit).flatMap(itemLines),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...section(doubts),
    ...section(rehearsed),
  ];
}

const section = (lines: readonly string[]): readonly string[] => (lines.length > 0 ? ['', ...lines] : []);

/** A change with its risks. */
export function itemLines({ name, values, risks }: ReviewItem): readonly string[] {
  return [`${name}: ${values}`, ...risks.map(({ reason }) => `  ⚠ ${plain(reason)}`)];
}

/** Catalogue texts are Markdown, but a dialog shows plain text. */
export const plain = (markdown: string): string => markdown.replaceAll('`', '"');

/** What to ask before a draft becomes an environment. */
export function createQuestion(
  reason: string,
  {
    document,
    organization,
    host,
    connection,
  }: Omit<ReviewPlace, 'environment' | 'environmentId' | 'isProtected'>,
  changes: readonly Change[],
): { message: string; detail: string } {
  const more = changes.length - shownChanges;
  return {
    message: asText(`Create the environment ${document}?`),
    detail: asLines([
      ...[reason, '', 'Environment: new'],
      ...(organization === undefined ? [] : [`Organization: ${organization}`]),
      ...[`Host: ${host}`, `Connection: ${connection}`, ''],
      ...changes.slice(0, shownChanges).map(changeText),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ]),
  };
}
