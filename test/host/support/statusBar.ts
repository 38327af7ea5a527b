import * as vscode from 'vscode';

/** Reads the messages of the status bar from now until the end of the test. */
export function watchStatusBar(): () => readonly string[] {
  const shown: string[] = [];
  const { setStatusBarMessage } = vscode.window;
  Object.assign(vscode.window, {
    setStatusBarMessage: (text: string, ms: number) => {
      shown.push(text);
      return setStatusBarMessage(text, ms);
    },
  });
  return () => {
    Object.assign(vscode.window, { setStatusBarMessage });
    return shown;
  };
}
