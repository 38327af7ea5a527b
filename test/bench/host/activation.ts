import { Module } from 'node:module';
import { join } from 'node:path';
import { extension } from './extension';

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;

/**
 * Load and activation caused by the extension: from require() of its bundle to the end of activate(). This excludes VS
 * Code's own work (its storage, a message to the window).
 */
export async function measureActivation(): Promise<{ loadMs: number; activateMs: number }> {
  const { extensionPath, activate } = bound(extension());
  const bundle = join(extensionPath, 'dist', 'extension.cjs');
  const modules = Module as unknown as { _load: Load };
  const original = modules._load;
  const times = { loadMs: Number.NaN, activateMs: Number.NaN };
  modules._load = function (request, ...rest) {
    if (request !== bundle) {
      return original.call(this, request, ...rest);
    }
    const startedMs = performance.now();
    const loaded = original.call(this, request, ...rest) as {
      activate: (context: unknown) => Promise<unknown>;
    };
    times.loadMs = performance.now() - startedMs;
    return {
      ...loaded,
      activate: async (context: unknown) => {
        const calledMs = performance.now();
        try {
          return await loaded.activate(context);
        } finally {
          times.activateMs = performance.now() - calledMs;
        }
      },
    };
  };
  await quiet();
  try {
    await activate();
  } finally {
    modules._load = original;
  }
  if (Number.isNaN(times.activateMs)) {
    throw new Error('VS Code loaded the extension some other way: nothing was measured.');
  }
  return times;
}

/** Waits until the host has started up, because users open the view later than that. */
async function quiet(): Promise<void> {
  const limitMs = performance.now() + 10_000;
  for (let calm = 0; calm < 20 && performance.now() < limitMs;) {
    const startedMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 25));
    calm = performance.now() - startedMs < 30 ? calm + 1 : 0;
  }
}

function bound(target: ReturnType<typeof extension>): {
  extensionPath: string;
  activate: () => Thenable<unknown>;
} {
  return { extensionPath: target.extensionPath, activate: () => target.activate() };
}
