import { formatLabel } from './formats';

/** What a format means, where its name doesn't say it. */
const hints: Readonly<Record<string, string>> = {
  CSVWithNames: 'the first row has the column names',
  CSV: 'columns are named c1, c2, …',
  JSONEachRow: 'one JSON object per line',
  Delta: 'a Delta Lake table',
  DeltaS3Wrapper: 'a Delta Lake table of PostHog itself',
};

/** A short explanation of a format; may be empty. */
export function formatHint(format: string): string {
  return Object.hasOwn(hints, format) ? (hints[format] ?? '') : '';
}

/** A table's format and, if a source manages it, the source: `Parquet · Stripe`. */
export function formatAndSource({
  format,
  external_data_source: source,
}: {
  readonly format: string;
  readonly external_data_source: { readonly source_type?: string | undefined } | null;
}): string {
  return [formatLabel(format), source?.source_type].filter(Boolean).join(' · ');
}
