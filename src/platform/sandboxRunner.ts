import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { Sandbox, startSandbox } from '../sandbox';

/** The running sandbox as a connection needs it. */
export interface SandboxAccess {
  readonly url: string;
  readonly key: string;
}

/**
 * Runs the local PostHog that ships with the extension, on a loopback port with a random key. It is loaded from
 * its own bundle when first asked for, and ends with the extension host or when {@link stop} is called.
 */
export class SandboxRunner implements vscode.Disposable {
  private running: Promise<Sandbox> | undefined;

  constructor(private readonly extensionPath: string) {}

  /** Starts the sandbox unless it runs already. Rejects when no loopback port can be had. */
  async start(): Promise<SandboxAccess> {
    this.running ??= this.load();
    try {
      const sandbox = await this.running;
      return { url: sandbox.url, key: sandbox.keys.admin };
    } catch (error) {
      this.running = undefined;
      throw error;
    }
  }

  /** Ends the sandbox and everything in it. */
  async stop(): Promise<void> {
    const ending = this.running;
    this.running = undefined;
    await (await ending)?.close();
  }

  dispose(): void {
    void this.stop();
  }

  private async load(): Promise<Sandbox> {
    const bundle = path.join(this.extensionPath, 'dist', 'sandbox.cjs');
    const loaded = createRequire(bundle)(bundle) as { startSandbox: typeof startSandbox };
    return loaded.startSandbox({ keys: { admin: `phx_sandbox_${randomBytes(24).toString('hex')}` } });
  }
}
