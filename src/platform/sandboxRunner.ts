import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { rehearse, Sandbox, startSandbox } from '../sandbox';

/** The running sandbox, as connections need it. */
export interface SandboxAccess {
  readonly url: string;
  readonly key: string;
}

/**
 * Runs the local PostHog that ships with the extension, on a loopback port with a random key. Its bundle is loaded when
 * it is first needed. It ends with the extension host or {@link stop}.
 */
export class SandboxRunner implements vscode.Disposable {
  private running: Promise<Sandbox> | undefined;

  constructor(private readonly extensionPath: string) {}

  /** Starts the sandbox unless it is already running. Rejects if no loopback port is available. */
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

  /** Stops the sandbox and discards everything in it. */
  async stop(): Promise<void> {
    const ending = this.running;
    this.running = undefined;
    await (await ending)?.close();
  }

  dispose(): void {
    void this.stop();
  }

  /** Tries changes in memory, without starting a server. */
  rehearse(...[changes]: Parameters<typeof rehearse>): ReturnType<typeof rehearse> {
    return this.bundle().rehearse(changes);
  }

  private bundle(): { startSandbox: typeof startSandbox; rehearse: typeof rehearse } {
    const bundle = path.join(this.extensionPath, 'dist', 'sandbox.cjs');
    return createRequire(bundle)(bundle) as { startSandbox: typeof startSandbox; rehearse: typeof rehearse };
  }

  private async load(): Promise<Sandbox> {
    return this.bundle().startSandbox({ keys: { admin: `phx_sandbox_${randomBytes(24).toString('hex')}` } });
  }
}
