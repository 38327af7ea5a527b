import assert from 'node:assert/strict';
import { extensionListAtReload, hostSilentAtSave, settingsCopyAtReload } from '../../ui/support/consoleWatch';

const at = '\n    at http://127.0.0.1:40123/static/out/vs/code/browser/workbench/workbench.js:770:46762';

describe('UI tier: what VS Code says of itself', () => {
  it('5: at a save without an answer of the extension host, in its exact words', () => {
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

  it('5: at a reload that ends the copying of settings, and of nothing else', () => {
    const said = (path: string, why: string): string =>
      `%c  ERR color: #f33 xy: Unable to write file 'vscode-remote:${path}' (${why})${at}`;
    const copy = '/home/me/data/CachedConfigurations/user/settings/configuration.json';
    assert.match(said(copy, 'Canceled: Canceled'), settingsCopyAtReload);
    assert.doesNotMatch(said(copy, 'Unavailable (FileSystemError): Full'), settingsCopyAtReload);
    assert.doesNotMatch(said('/home/me/data/bases/1.json', 'Canceled: Canceled'), settingsCopyAtReload);
  });

  it('5: at a reload that ends the reading of the list of extensions, and of nothing else', () => {
    const said = (path: string, why: string): string =>
      `%c  ERR color: #f33 xy: Unable to read file 'vscode-remote:${path}' (${why})${at}`;
    const list = '/home/me/data/User/extensions.json';
    assert.match(said(list, 'Canceled: Canceled'), extensionListAtReload);
    assert.doesNotMatch(said(list, 'NoPermissions (FileSystemError): Denied'), extensionListAtReload);
    assert.doesNotMatch(
      said('/home/me/data/User/settings.json', 'Canceled: Canceled'),
      extensionListAtReload,
    );
  });
});
