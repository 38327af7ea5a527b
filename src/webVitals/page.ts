import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { html } from './html';

/** The location of the page's own files. It can't load anything else. */
export function pageRoots(extensionPath: string): {
  script: vscode.Uri;
  style: vscode.Uri;
  roots: vscode.Uri[];
} {
  const root = vscode.Uri.file(extensionPath);
  const script = vscode.Uri.joinPath(root, 'dist');
  const style = vscode.Uri.joinPath(root, 'media', 'webVitals');
  return {
    script: vscode.Uri.joinPath(script, 'webVitals.js'),
    style: vscode.Uri.joinPath(style, 'webVitals.css'),
    roots: [script, style],
  };
}

/** The page around the content: no inline scripts or styles, nothing from elsewhere. */
export function page(
  webview: Pick<vscode.Webview, 'asWebviewUri' | 'cspSource'>,
  extensionPath: string,
): string {
  const nonce = randomBytes(24).toString('base64');
  const { script, style } = pageRoots(extensionPath);
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
        <title>Web vitals</title>
        <link rel="stylesheet" href="${webview.asWebviewUri(style).toString()}" />
      </head>
      <body>
        <main></main>
        <div role="status" aria-live="polite" class="heard"></div>
        <script nonce="${nonce}" src="${webview.asWebviewUri(script).toString()}"></script>
      </body>
    </html>`.toString();
}
