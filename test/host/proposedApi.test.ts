import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the VS Code of the tests', () => {
  it('refuses proposed APIs, as the product does', () => {
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
});
