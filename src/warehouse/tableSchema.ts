import type { JsonObject } from '../json/json';
import { draft, proposals } from '../settings/jsonSchema';
import { columnTypeDoubt, columnTypes, doubleQuotesOption, tableFormats } from './table';

const typeTexts: Readonly<Record<string, string>> = {
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

const formatTexts: Readonly<Record<string, string>> = {
  CSV: 'CSV without a header row',
  CSVWithNames: 'CSV with a header row',
  Parquet: 'Apache Parquet',
  JSONEachRow: 'JSON Lines: one JSON object per line',
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
    title: 'PostHog warehouse table',
    properties: {
      name: {
        title: 'Name',
        examples: [''],
        markdownDescription:
          'The name in queries, up to 128 characters. It must be unique among tables and views. Renaming breaks queries that use the old name.',
      },
      format: {
        title: 'Format',
        examples: tableFormats.slice(0, 2),
        markdownDescription:
          "The format of the files. After you change it, use **Refresh Schema**: PostHog doesn't reread the columns on its own.",
        ...formats,
      },
      url_pattern: {
        title: 'URL pattern',
        examples: [''],
        markdownDescription:
          'The location of the files, such as `https://bucket.s3.amazonaws.com/orders/*.parquet`, up to 500 characters. Use wildcards in the path only. After you change it, use **Refresh Schema**.',
      },
      options: {
        title: 'Options',
        markdownDescription: 'How CSV files are read. Newer servers only.',
        properties: {
          [doubleQuotesOption]: {
            title: 'Double quotes in CSV',
            examples: [true, false],
            markdownDescription:
              'Reads `""` inside a quoted value as one quote. Turn it on if queries fail on quoted values with commas.',
            ...proposals([true, false]),
          },
        },
      },
      columns: {
        title: 'Columns',
        examples: [{}],
        markdownDescription:
          'Column names and types. You can change types. To add or remove columns, change the files and use **Refresh Schema**.',
        additionalProperties: proposals(columnTypes, types),
      },
    },
  };
}
