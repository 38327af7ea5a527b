import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in the host', () => {
  const extension = vscode.extensions.getExtension('posthog-environments.posthog-environments');

  it('is found and activates', async () => {
    assert.ok(extension, "VS Code doesn't have the extension");
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
