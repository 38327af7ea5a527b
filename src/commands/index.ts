import type { Command, LazyCommand } from './command';
import type { CommandId } from '../ui/commandIds';

/** Commands of one module, which loads when the first of them runs. */
function lazy<Id extends CommandId>(
  load: () => Promise<Readonly<Record<Id, Command>>>,
  ...ids: readonly Id[]
): readonly LazyCommand[] {
  return ids.map((id) => ({ id, load: async () => (await load())[id] }));
}

/** Every command of the extension. */
export const commands: readonly LazyCommand[] = [
  ...lazy(
    () => import('./connection/connectionCommands'),
    'addConnection',
    'removeConnection',
    'renameConnection',
    'replaceKey',
    'trySandbox',
  ),
  ...lazy(() => import('./copyCommands'), 'copyHogQLName', 'copyId', 'copyProjectToken', 'openInPostHog'),
  ...lazy(() => import('./compare/copySettings'), 'copySettings'),
  ...lazy(() => import('./compare/copyAsTerraform'), 'copyAsTerraform'),
  ...lazy(
    () => import('./compare/compareCommands'),
    'compareAgain',
    'compareEnvironment',
    'compareEnvironments',
    'compareSelected',
    'exportComparisonAsJson',
    'exportComparisonAsMarkdown',
    'openComparisonDiffs',
  ),
  ...lazy(() => import('./environment/createCommands'), 'createEnvironment', 'duplicateEnvironment'),
  ...lazy(() => import('./environment/deleteCommands'), 'deleteEnvironment'),
  { id: 'delete', load: async () => (await import('./environment/deleteCommands')).deleteSelected },
  ...lazy(() => import('./findCommand'), 'find'),
  ...lazy(() => import('./findSetting'), 'findSetting'),
  ...lazy(
    () => import('./history/historyCommands'),
    'filterHistory',
    'loadMoreHistory',
    'refreshHistory',
    'showAllHistory',
    'showChange',
    'showHistory',
  ),
  ...lazy(
    () => import('./history/settingCommands'),
    'showSettingElsewhere',
    'showSettingHistory',
    'undoSetting',
  ),
  ...lazy(() => import('./history/undoCommands'), 'restoreTheirs', 'undoChange', 'undoLastSave'),
  ...lazy(() => import('./renameCommand'), 'rename'),
  ...lazy(
    () => import('./environment/protectCommands'),
    'protectEnvironment',
    'unprotectEnvironment',
    'makeReadOnly',
    'allowSaving',
  ),
  ...lazy(() => import('./documentCommands'), 'compare', 'keepMine', 'reloadDocument', 'useTheirs'),
  ...lazy(
    () => import('./conflictCommands'),
    'editConflict',
    'nextConflict',
    'useAllMine',
    'useAllTheirs',
    'useConflictMine',
    'useConflictTheirs',
  ),
  ...lazy(() => import('./chooseValue'), 'chooseValue'),
  ...lazy(() => import('./mergeCommands'), 'completeMerge', 'openMergeEditor'),
  ...lazy(
    () => import('./openCommands'),
    'openSettings',
    'openSettingsGroup',
    'openTable',
    'showFullResponse',
  ),
  ...lazy(
    () => import('./report/rowsCommands'),
    'copyRowsAsCsv',
    'copyRowsAsJson',
    'previewRows',
    'refreshReport',
  ),
  ...lazy(() => import('./propose/index'), 'applyProposedChange', 'copyChangeLink', 'proposeChange'),
  ...lazy(() => import('./settingsFile/applyCommand'), 'applySettingsFile'),
  ...lazy(() => import('./settingsFile/driftCommands'), 'checkDrift', 'copyCiCommand', 'showDrift'),
  ...lazy(() => import('./settingsFile/takeCommands'), 'addToSettingsFile', 'takeIntoSettingsFile'),
  ...lazy(() => import('./table/changeColumnType'), 'changeColumnType'),
  ...lazy(() => import('./table/deleteTable'), 'deleteTable'),
  ...lazy(() => import('./table/linkTable'), 'linkTable'),
  ...lazy(() => import('./table/refreshSchema'), 'refreshSchema'),
  ...lazy(() => import('./table/replaceCredentials'), 'replaceCredentials'),
  ...lazy(() => import('./table/uploadFile'), 'uploadFile'),
  // The same command under a title that makes sense in the Explorer.
  { id: 'uploadToWarehouse', load: async () => (await import('./table/uploadFile')).uploadFile },
  ...lazy(() => import('./treeCommands'), 'loadMore', 'refresh', 'refreshAll', 'retry', 'showLog'),
  ...lazy(
    () => import('./report/webVitals'),
    'changeWebVitalsPath',
    'compareWebVitalsWithEnvironment',
    'compareWebVitalsWithPath',
    'openWebVitalsSetting',
    'refreshWebVitals',
    'showWebVitals',
    'showWebVitalsJson',
  ),
];
