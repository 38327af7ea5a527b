const typeTexts = {
  integer: 'Whole numbers (Int64)',
  float: 'Decimal numbers (Float64)',
  decimal: 'Exact decimals',
  string: 'Text (String)',
  datetime: 'Date and time',
  date: 'Date',
  boolean: 'True or false',
  array: 'Array',
  json: 'JSON object',
};

/** The only types that `update_schema` accepts, and what they mean. Uppercase makes it fail (API facts 2.5). */
export const columnTypeTexts: Readonly<Record<string, string>> = typeTexts;
export const columnTypes: readonly string[] = Object.keys(typeTexts);

/** Types that PostHog accepts but that probably make a column unreadable (API facts 2.5, inferred). */
export const doubtfulColumnTypes: readonly string[] = ['array', 'json'];

/**
 * Why a type may not match the data of a column, to follow the type in a sentence; undefined if nothing suggests that.
 * Everything that changes types uses this check, because PostHog only reports afterwards whether the type matches.
 */
export function columnTypeDoubt(type: string): string | undefined {
  return doubtfulColumnTypes.includes(type)
    ? "PostHog probably can't read the data as this type, so queries would leave the column out"
    : undefined;
}

/** {@link columnTypeDoubt} for every column whose type changes, as sentences. */
export function columnTypeDoubts(updates: ColumnUpdates): string[] {
  return Object.entries(updates).flatMap(([name, type]) => {
    const doubt = columnTypeDoubt(type);
    return doubt === undefined ? [] : [`"${name}" as ${type}: ${doubt}.`];
  });
}

/** Column name → new type: the `updates` of `update_schema`. */
export type ColumnUpdates = Record<string, string>;
