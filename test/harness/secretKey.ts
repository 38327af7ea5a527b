import { randomBytes } from 'node:crypto';
import { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Loaded into the VS Code server with --import. The workbench encrypts what extensions keep in
 * SecretStorage with a key that it asks the server for at /mint-key; that route belongs to the login page
 * around the server, which the harness does not start. Without an answer secrets are gone after a reload.
 */
const key = randomBytes(32);

// The extension hosts that the server starts inherit its --import, and must not answer anything.
if (process.argv[1]?.endsWith('server-main.js') === true) {
  const { prototype } = Server;

  const emit = prototype.emit as (this: Server, event: string | symbol, ...args: unknown[]) => boolean;
  prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
    const [request, response] = args;
    if (
      event !== 'request' ||
      !(request instanceof IncomingMessage && response instanceof ServerResponse) ||
      request.method !== 'POST' ||
      request.url !== '/mint-key'
    ) {
      return emit.call(this, event, ...args);
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
    response.end(key);
    return true;
  };
}
