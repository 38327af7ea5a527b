import type { WarehouseTable } from '../../posthog/models';
import { compareTableAnswer, type ColumnUpdates } from '../../warehouse/table';
import { write, type Write, type Written } from '../write';

/** Sends new column types. `update_schema` returns nothing, so the table is read afterwards. */
export const writeTypes = (
  updates: ColumnUpdates,
  {
    send,
    look,
    isSecond = false,
  }: { send(): Promise<void> } & Pick<Write<WarehouseTable>, 'look' | 'isSecond'>,
): Promise<Written<WarehouseTable>> =>
  write<WarehouseTable>({
    send: async () => {
      await send();
      return undefined;
    },
    look,
    tookSome: (table) => missingTypes(table, updates).length < Object.keys(updates).length,
    isSecond,
  });

/** The columns that don't have their new types. */
export const missingTypes = ({ raw }: WarehouseTable, updates: ColumnUpdates): string[] =>
  compareTableAnswer({ patch: {}, updates }, raw).map(({ path }) => path.replace(/^columns\./, ''));

/** The columns whose new type doesn't match the data. */
export const invalidTypes = ({ columns }: WarehouseTable, updates: ColumnUpdates): string[] =>
  columns
    .filter(({ name, schema_valid }) => !schema_valid && Object.hasOwn(updates, name))
    .map(({ name }) => name);
