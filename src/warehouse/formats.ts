const labels: Readonly<Record<string, string>> = {
  CSVWithNames: 'CSV with header',
  CSV: 'CSV without header',
  JSONEachRow: 'JSON Lines',
  Parquet: 'Parquet',
  Delta: 'Delta',
  DeltaS3Wrapper: 'Delta',
};

/** What people call a table's file format (API facts 2.1). An unknown format keeps PostHog's name. */
export function formatLabel(format: string): string {
  return Object.hasOwn(labels, format) ? (labels[format] ?? format) : format;
}
