import type { Command } from './command';
import {
  addConnection,
  removeConnection,
  renameConnection,
  replaceKey,
  trySandbox,
} from './connectionCommands';
import { compare, keepMine, reloadDocument, useTheirs } from './documentCommands';
import { openSettings, openSettingsGroup, openTable, showFullResponse } from './openCommands';
import { loadMore, refresh, retry, showLog } from './treeCommands';

/** Every verb of the extension. */
export const commands: readonly Command[] = [
  addConnection,
  trySandbox,
  replaceKey,
  renameConnection,
  removeConnection,
  refresh,
  loadMore,
  retry,
  openSettings,
  openSettingsGroup,
  openTable,
  showFullResponse,
  compare,
  useTheirs,
  keepMine,
  reloadDocument,
  showLog,
];
