import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from './paths';

/**
 * Fills the folder that `npm start` opens with files to try: a settings file that differs from the sandbox, and a file
 * to upload.
 * @param host origin of the sandbox
 */
export async function fillWorkspace(folder: string, host: string): Promise<void> {
  const settingsFile = {
    environments: {
      staging: { host, id: 1202 },
      production: {
        host,
        id: 1203,
        protected: true,
        settings: { session_recording_sample_rate: '0.10' },
      },
    },
    settings: { timezone: 'UTC', anonymize_ips: true },
  };
  await writeFile(join(folder, 'posthog.environments.json'), `${JSON.stringify(settingsFile, null, 2)}\n`);
  const orders = [
    'id,ordered_at,item,price',
    '1,2026-03-02,Wool scarf,24.50',
    '2,2026-03-05,Rain boots,59.00',
  ];
  await writeFile(join(folder, 'orders.csv'), `${orders.join('\n')}\n`);
}

/** Installs a second, tiny extension that shows the view once VS Code has started. */
export async function showViewAtStart(extensionsDir: string): Promise<void> {
  const { publisher, engines } = readManifest();
  const manifest = {
    publisher,
    name: 'show-view',
    version: '1.0.0',
    engines,
    activationEvents: ['onStartupFinished'],
    main: './extension.js',
  };
  const code = `exports.activate = () =>
  require('vscode').commands.executeCommand('workbench.view.extension.posthogEnvironments');
`;
  const home = join(extensionsDir, `${publisher}.${manifest.name}-${manifest.version}`);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(home, 'extension.js'), code);
}
