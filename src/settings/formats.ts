/** A format of a table's files as people call it (API facts 2.1), and what it means. */
interface FormatText {
  label: string;
  hint: string;
}

const texts: Readonly<Record<string, FormatText>> = {
  CSVWithNames: { label: 'CSV with header', hint: 'the first line has the column names' },
  CSV: { label: 'CSV without header', hint: 'columns are called c1, c2, …' },
  JSONEachRow: { label: 'JSON Lines', hint: 'one JSON object per line' },
  Parquet: { label: 'Parquet', hint: '' },
  Delta: { label: 'Delta', hint: 'a Delta Lake table' },
};

/** A format in people's words; one that is not known as PostHog calls it. */
export function formatLabel(format: string): string {
  return Object.hasOwn(texts, format) ? (texts[format]?.label ?? format) : format;
}

/** What a format means, for people who do not know its name; may be empty. */
export function formatHint(format: string): string {
  return Object.hasOwn(texts, format) ? (texts[format]?.hint ?? '') : '';
}
