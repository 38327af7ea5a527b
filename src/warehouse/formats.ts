/** What people call a table's file format (API facts 2.1), and what it means. */
interface FormatText {
  label: string;
  hint: string;
}

const texts: Readonly<Record<string, FormatText>> = {
  CSVWithNames: { label: 'CSV with header', hint: 'the first row has the column names' },
  CSV: { label: 'CSV without header', hint: 'columns are named c1, c2, …' },
  JSONEachRow: { label: 'JSON Lines', hint: 'one JSON object per line' },
  Parquet: { label: 'Parquet', hint: '' },
  Delta: { label: 'Delta', hint: 'a Delta Lake table' },
  DeltaS3Wrapper: { label: 'Delta', hint: 'a Delta Lake table of PostHog itself' },
};

/** The label of a format. An unknown format keeps PostHog's name. */
export function formatLabel(format: string): string {
  return Object.hasOwn(texts, format) ? (texts[format]?.label ?? format) : format;
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

/** A short explanation of a format; may be empty. */
export function formatHint(format: string): string {
  return Object.hasOwn(texts, format) ? (texts[format]?.hint ?? '') : '';
}
