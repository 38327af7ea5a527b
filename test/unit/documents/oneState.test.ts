import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../../harness/paths';

/** The collections in `src/documents` that are kept by a text, and what of. A document is in the first one alone. */
const known: Readonly<Record<string, string>> = {
  'documentSlots.ts: #slots': 'a document',
  'formerTabs.ts: left': 'a restored tab whose address is that of a former version',
  'fileSystem.ts: offering': 'a connection whose rejected key is being reported',
  'saving/autoSaves.ts: reported': 'a save that VS Code began, which may be before any document is loaded',
  'conflicts/mergeEditors.ts: files': 'a file of a merge',
  'settingsFile/settingsFiles.ts: states': 'a settings file that was opened',
  'settingsFile/driftView.ts: shown': 'a settings file that drifts, as the Source Control view shows it',
  'settingsFile/fileMarks.ts: files': 'a settings file on disk',
};

describe('10.6: what is known of a document', () => {
  it('10.6: is in its state and nowhere beside it', () => {
    const folder = join(repoRoot, 'src', 'documents');
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) =>
        [
          ...readFileSync(join(folder, path), 'utf8').matchAll(
            /^ {2}(?:private )?(?:readonly )?(#?\w+)(?:: [^=\n]+)? = new (?:Map|Set)<string\b/gm,
          ),
        ].map(([, name]) => `${path.replaceAll('\\', '/')}: ${name}`),
      );
    assert.deepEqual(found.sort(), Object.keys(known).sort());
  });
});
