import assert from 'node:assert/strict';
import { hostSilentAtSave, ownFilesAtEnd, settingsCopyAtEnd } from '../../ui/support/consoleWatch';

const at = '\n    at http://127.0.0.1:40123/static/out/vs/code/browser/workbench/workbench.js:770:46762';

describe('UI tier: expected messages of VS Code', () => {
  it('5: for a save without a response from the extension host, verbatim', () => {
    const said = '%c  ERR color: #f33 Error: Aborted onWillSaveTextDocument-event after 1750ms';
    assert.match(said + at, hostSilentAtSave);
    for (const other of [
      said.replace('1750', '1500') + at,
      said.replace('Error: ', 'Something went wrong in the extension: ') + at,
      `${said} in an extension`,
    ]) {
      assert.doesNotMatch(other, hostSilentAtSave);
    }
  });

  it('5: for a page whose end interrupts the copying of settings, and nothing else', () => {
    const said = (path: string, why: string): string =>
      `%c  ERR color: #f33 xy: Unable to write file 'vscode-remote:${path}' (${why})${at}`;
    const copy = '/home/me/data/CachedConfigurations/user/settings/configuration.json';
    assert.match(said(copy, 'Canceled: Canceled'), settingsCopyAtEnd);
    assert.doesNotMatch(said(copy, 'Unavailable (FileSystemError): Full'), settingsCopyAtEnd);
    assert.doesNotMatch(said('/home/me/data/bases/1.json', 'Canceled: Canceled'), settingsCopyAtEnd);
  });

  it('5: for a page whose end interrupts the reading of its own files, and no others', () => {
    const said = (path: string, why: string): string =>
      `%c  ERR color: #f33 xy: Unable to read file 'vscode-remote:${path}' (${why})${at}`;
    for (const path of [
      '/home/me/data/User/extensions.json',
      '//127.0.0.1:40123/home/me/workspace/.vscode/mcp.json',
    ]) {
      assert.match(said(path, 'Canceled: Canceled'), ownFilesAtEnd);
      assert.doesNotMatch(said(path, 'NoPermissions (FileSystemError): Denied'), ownFilesAtEnd);
    }
    for (const other of [
      '/home/me/workspace/orders.json',
      '/home/me/data/User/globalStorage/history/1.json',
    ]) {
      assert.doesNotMatch(said(other, 'Canceled: Canceled'), ownFilesAtEnd);
    }
  });
});
