import type { Command, LazyCommand } from './command';
import type { CommandId } from '../ui/commandIds';

/** Commands of one module, which is loaded when the first of them is called. */
function lazy<Id extends CommandId>(
  load: () => Promise<Readonly<Record<Id, Command>>>,
  ...ids: readonly Id[]
): readonly LazyCommand[] {
  return ids.map((id) => ({ id, load: async () => (await load())[id] }));
}

/** Every verb of the extension. */
export const commands: readonly LazyCommand[] = [
  ...lazy(
    () => import('./connectionCommands'),
    'addConnection',
    'removeConnection',
    'renameConnection',
    'replaceKey',
    'trySandbox',
  ),
  ...lazy(() => import('./copyCommands'), 'copyHogQLName', 'copyId', 'copyProjectToken', 'openInPostHog'),
  ...lazy(() => import('./createCommands'), 'createEnvironment', 'duplicateEnvironment'),
  ...lazy(() => import('./deleteCommands'), 'deleteEnvironment'),
  { id: 'delete', load: async () => (await import('./deleteCommands')).deleteSelected },
  ...lazy(() => import('./findCommand'), 'find'),
  ...lazy(() => import('./renameCommand'), 'rename'),
  ...lazy(() => import('./protectCommands'), 'protectEnvironment', 'unprotectEnvironment'),
  ...lazy(() => import('./documentCommands'), 'compare', 'keepMine', 'reloadDocument', 'useTheirs'),
  ...lazy(
    () => import('./openCommands'),
    'openSettings',
    'openSettingsGroup',
    'openTable',
    'showFullResponse',
  ),
  ...lazy(() => import('./rowsCommands'), 'copyRowsAsCsv', 'copyRowsAsJson', 'previewRows', 'refreshReport'),
  ...lazy(() => import('./changeColumnType'), 'changeColumnType'),
  ...lazy(() => import('./deleteTable'), 'deleteTable'),
  ...lazy(() => import('./linkTable'), 'linkTable'),
  ...lazy(() => import('./refreshSchema'), 'refreshSchema'),
  ...lazy(() => import('./replaceCredentials'), 'replaceCredentials'),
  ...lazy(() => import('./uploadFile'), 'uploadFile', 'uploadToWarehouse'),
  ...lazy(() => import('./treeCommands'), 'loadMore', 'refresh', 'refreshAll', 'retry', 'showLog'),
  ...lazy(
    () => import('./webVitals'),
    'changeWebVitalsPath',
    'compareWebVitalsWithEnvironment',
    'compareWebVitalsWithPath',
    'openWebVitalsSetting',
    'refreshWebVitals',
    'showWebVitals',
    'showWebVitalsJson',
  ),
];
