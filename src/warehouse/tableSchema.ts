import type { JsonObject } from '../json/json';
import { draft, proposals } from '../settings/jsonSchema';
import { columnTypeDoubt, columnTypes, doubleQuotesOption, tableFormats } from './table';

const typeTexts: Readonly<Record<string, string>> = {
  integer: 'Whole numbers (Int64)',
  float: 'Fractions (Float64)',
  decimal: 'Exact decimals',
  string: 'Text',
  datetime: 'Date and time',
  date: 'Date',
  boolean: 'True or false',
  array: 'List',
  json: 'JSON object',
};

const formatTexts: Readonly<Record<string, string>> = {
  CSV: 'CSV without a header row',
  CSVWithNames: 'CSV whose first row holds the names',
  Parquet: 'Apache Parquet',
  JSONEachRow: 'One JSON object on each line',
  Delta: 'Delta Lake table',
};

/** The JSON schema of a table document (API facts 2.1, 2.3, 2.5, 9.2). */
export function tableJsonSchema(): JsonObject {
  const formats = proposals(tableFormats, formatTexts);
  const types = Object.fromEntries(
    columnTypes.map((type) => {
      const doubt = columnTypeDoubt(type);
      return [type, `${typeTexts[type] ?? ''}${doubt === undefined ? '' : ` – ${doubt}`}`];
    }),
  );
  return {
    $schema: draft,
    title: 'A PostHog warehouse table',
    properties: {
      name: {
        title: 'Name',
        examples: [''],
        markdownDescription:
          'The name in queries, at most 128 characters. No other table or view may have it. Renaming breaks queries that use the old name.',
      },
      format: {
        title: 'Format',
        examples: tableFormats.slice(0, 2),
        markdownDescription:
          'The format of the files. After a change, use *Refresh schema*: PostHog does not read the columns again on its own.',
        ...formats,
      },
      url_pattern: {
        title: 'URL pattern',
        examples: [''],
        markdownDescription:
          'Where the files are, such as `https://bucket.s3.amazonaws.com/orders/*.parquet`, at most 500 characters. Wildcards belong in the path. After a change, use *Refresh schema*.',
      },
      options: {
        title: 'Options',
        markdownDescription: 'How CSV files are read. Only newer servers have it.',
        properties: {
          [doubleQuotesOption]: {
            title: 'Doubled quotes in CSV',
            examples: [true, false],
            markdownDescription:
              'Reads `""` inside a quoted value as one quote. Turn it on when queries fail on quoted values with commas.',
            ...proposals([true, false]),
          },
        },
      },
      columns: {
        title: 'Columns',
        examples: [{}],
        markdownDescription:
          'Column name and type. Types can be changed; columns are added and removed by changing the files and using *Refresh schema*.',
        additionalProperties: proposals(columnTypes, types),
      },
    },
  };
}
