import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('proposed APIs', () => {
  it('8: are refused by the VS Code of the tests, as the product refuses them', () => {
    const control = vscode.scm.createSourceControl('posthogEnvironmentsTest', 'Test');
    try {
      assert.throws(
        () => Object.assign(control, { actionButton: { command: { command: 'x', title: 'x' } } }),
        /CANNOT use API proposal: scmActionButton/,
      );
    } finally {
      control.dispose();
    }
  });

  // With an entry here, VS Code allows the proposal to an extension under development, and so to these tests.
  it("8: aren't enabled in package.json, which only the Marketplace would reject", () => {
    const extension = vscode.extensions.getExtension<unknown>('posthog-environments.posthog-environments');
    const manifest = extension?.packageJSON as { name?: unknown; enabledApiProposals?: unknown };
    assert.equal(manifest.name, 'posthog-environments');
    assert.equal(manifest.enabledApiProposals, undefined);
  });
});
