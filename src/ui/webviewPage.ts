import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { html } from './html';

/** A page of the extension: its title, and the name of its script and its style sheet. */
export interface WebviewPage {
  readonly title: string;
  readonly name: 'webVitals' | 'matrix';
}

/** The location of a page's own files. It can't load anything else. */
export function pageRoots(
  extensionPath: string,
  name: WebviewPage['name'],
): {
  script: vscode.Uri;
  style: vscode.Uri;
  roots: vscode.Uri[];
} {
  const root = vscode.Uri.file(extensionPath);
  const script = vscode.Uri.joinPath(root, 'dist');
  const style = vscode.Uri.joinPath(root, 'media', name);
  return {
    script: vscode.Uri.joinPath(script, `${name}.js`),
    style: vscode.Uri.joinPath(style, `${name}.css`),
    roots: [script, style],
  };
}

/** The page around the content: no inline scripts or styles, nothing from elsewhere. */
export function webviewPage(
  webview: Pick<vscode.Webview, 'asWebviewUri' | 'cspSource'>,
  extensionPath: string,
  { title, name }: WebviewPage,
): string {
  const nonce = randomBytes(24).toString('base64');
  const { script, style } = pageRoots(extensionPath, name);
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="${webview.asWebviewUri(style).toString()}" />
      </head>
      <body>
        <main></main>
        <div role="status" aria-live="polite" class="heard"></div>
        <script nonce="${nonce}" src="${webview.asWebviewUri(script).toString()}"></script>
      </body>
    </html>`.toString();
}
