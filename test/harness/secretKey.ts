import { randomBytes } from 'node:crypto';
import { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Loaded into the VS Code server with --import. The workbench encrypts extensions' SecretStorage with a key that it
 * requests from the server at /mint-key. That route belongs to the login page around the server, which the harness
 * doesn't start. Without it, secrets are lost on reload.
 */
const key = randomBytes(32);

// The extension hosts that the server starts inherit its --import, but must not respond to anything.
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
