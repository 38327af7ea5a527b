import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/commands/index';
import { documentUri } from '../../src/documents/uris/uri';
import type { HistoryEntry } from '../../src/operations/history/entry';
import { HistoryItem } from '../../src/operations/history/item';
import { itemOf } from '../../src/tree/history/historyRows';
import type { TreeNode } from '../../src/tree/node';
import { HostBench, PRODUCTION, STAGING } from './support/bench';
import { rowsBelow } from './support/tree';

const prefix = 'posthogEnvironments.';

interface MenuEntry {
  command: string;
  when?: string;
  group?: string;
}

interface Contributions {
  commands: { command: string; title: string; category?: string; icon?: string }[];
  menus: Record<string, MenuEntry[]>;
  keybindings: { command: string; key: string; when?: string }[];
  views: Record<string, { id: string }[]>;
  walkthroughs: {
    steps: {
      id: string;
      description: string;
      media: { image?: string; altText?: string };
      completionEvents: string[];
    }[];
  }[];
  viewsWelcome: { view: string; contents: string }[];
}

/** Commands that are never in the palette, and why. */
const notInPalette: Readonly<Record<string, string>> = {
  loadMore: 'works on the row that says a list has more pages',
  retry: 'works on the row that says why a list could not be had',
  refresh: 'works on one row; the palette has refreshAll',
  uploadToWarehouse: 'is uploadFile under a name for the Explorer',
  delete: 'is the Delete key; the palette has one command for each kind of thing',
  loadMoreHistory: 'works on the row that says the history has more',
  filterHistory: 'stands in the title of the history; the palette has showHistory',
  showAllHistory: 'stands in the title of a filtered history',
  showChange: 'works on one row of the history',
  undoChange: 'works on one row of the history',
  restoreTheirs: 'works on a save during which someone changed the same setting, from its notification',
  showDrift: 'works on one row of the Source Control view',
  chooseValue: 'works on a problem in a document, as its quick fix',
  compareSelected: 'works on two rows; the palette has compareEnvironment',
};

/** Commands that are in the palette only if the editor they apply to is active. */
const inPaletteForTheirEditor: Readonly<Record<string, string>> = {
  compare: 'a document of PostHog',
  useTheirs: 'a document of PostHog',
  keepMine: 'a document of PostHog',
  reloadDocument: 'a document of PostHog',
  showSettingHistory: 'a settings document',
  showSettingElsewhere: 'a settings document',
  undoSetting: 'a settings document',
  proposeChange: 'a settings document',
  copyChangeLink: 'a file with proposed changes',
  useConflictMine: 'a document with conflicts',
  useConflictTheirs: 'a document with conflicts',
  editConflict: 'a document with conflicts',
  useAllMine: 'a document with conflicts',
  useAllTheirs: 'a document with conflicts',
  nextConflict: 'a document with conflicts',
  openMergeEditor: 'a document with conflicts',
  completeMerge: 'a merge editor',
  compareAgain: 'a comparison',
  openComparisonDiffs: 'a table that compares environments',
  exportComparisonAsJson: 'a comparison',
  exportComparisonAsMarkdown: 'a comparison',
  refreshReport: 'a preview of rows, or web vitals as JSON',
  copyRowsAsCsv: 'a preview of rows',
  copyRowsAsJson: 'a preview of rows',
  compareWebVitalsWithPath: 'the web vitals panel',
  compareWebVitalsWithEnvironment: 'the web vitals panel',
  changeWebVitalsPath: 'the web vitals panel',
  refreshWebVitals: 'the web vitals panel',
  openWebVitalsSetting: 'the web vitals panel',
};

/** Commands that change something on the server, which rows of a key without write scopes don't offer. */
const writing = [
  'createEnvironment',
  'duplicateEnvironment',
  'deleteEnvironment',
  'linkTable',
  'uploadFile',
  'deleteTable',
  'refreshSchema',
  'changeColumnType',
  'replaceCredentials',
];

/** VS Code's own names in `when` clauses that the manifest uses. */
const idsInWhen = [
  // The source control of a settings file.
  'posthogEnvironments',
  'posthogEnvironments.environments',
  'posthogEnvironments.history',
  'posthogEnvironments.historyFiltered',
  'posthogEnvironments.hasConflicts',
  'posthogEnvironments.isComparison',
  'posthogEnvironments.unconnected',
  'posthogEnvironments.webVitals',
  'posthogEnvironments.matrix',
];

/** Commands that make sense without a connection. */
const unconnected = ['addConnection', 'trySandbox', 'showLog'];

describe('every command', () => {
  const extension = vscode.extensions.getExtension('posthog-environments.posthog-environments');
  const contributes = (extension?.packageJSON as { contributes: Contributions }).contributes;
  const contributed = contributes.commands.map(({ command }) => command);
  const menuEntries = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
    entries.map((entry) => ({ menu, ...entry })),
  );
  const rowEntriesIn = (view: string): MenuEntry[] =>
    (contributes.menus['view/item/context'] ?? []).filter(({ when }) =>
      when?.startsWith(`view == ${prefix}${view} && `),
    );
  const rowEntries = rowEntriesIn('environments');
  const historyEntries = rowEntriesIn('history');
  const short = (command: string): string => command.slice(prefix.length);

  it('is contributed and registered, and its module exports it', async () => {
    await extension?.activate();
    const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) =>
        // VS Code adds its own commands for every view and view container.
        id.startsWith(prefix) && !views.some((view) => id.startsWith(`${view}.`)),
    );
    assert.deepEqual(registered.sort(), [...contributed].sort());
    for (const command of commands) {
      assert.equal(typeof (await command.load()).run, 'function', command.id);
    }
  });

  it('B8: offers Replace Key… wherever the command was run', async () => {
    const bench = await HostBench.start({ key: 'none' });
    const uri = documentUri({
      kind: 'settings',
      connectionId: bench.connectionId,
      environment: { id: STAGING, projectId: STAGING },
      name: 'Staging',
    });
    // A document's URI, as editor menus and the palette pass it.
    await bench.run('openSettings', uri);
    assert.deepEqual(
      bench.prompts.told.map(({ buttons }) => buttons),
      [['Replace Key…']],
    );
    await bench.stop();
  });

  it('has a title and the category, and an icon wherever only an icon is shown', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.ok(title.trim() !== '', command);
      assert.equal(category, 'PostHog Environments', command);
    }
    const iconOnly = menuEntries.filter(
      ({ menu, group }) =>
        group?.startsWith('inline') === true ||
        (group?.startsWith('navigation') === true && /^(view|editor)\/title$/.test(menu)),
    );
    assert.ok(iconOnly.length > 0);
    for (const { command, menu } of iconOnly) {
      const icon = contributes.commands.find((one) => one.command === command)?.icon;
      assert.match(icon ?? '', /^\$\([\w-]+\)$/, `${command} in ${menu}`);
    }
  });

  it('E: appears once per menu, with destructive commands last', () => {
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      const shown = entries.filter(({ group }) => group?.startsWith('inline') !== true);
      const commandsOf = shown.map(({ command }) => command);
      assert.deepEqual(commandsOf, [...new Set(commandsOf)], menu);
      for (const { command, group } of shown) {
        if (/^(delete|remove)/.test(short(command)) && menu === 'view/item/context') {
          assert.match(group ?? '', /^9_/, command);
        }
      }
    }
    // VS Code's own Rename and Delete of a file stay the last ones.
    for (const { command, group = '' } of contributes.menus['explorer/context'] ?? []) {
      assert.ok(group < '7_modification', `${command} in ${group}`);
    }
    // A connection is renamed by one command of its menu, which F2 runs too.
    const renaming = (contributes.menus['view/item/context'] ?? []).filter(
      ({ command, when = '' }) => command.includes('.rename') && /\(?connection/.test(when),
    );
    assert.deepEqual(
      renaming.map(({ command }) => short(command)),
      ['renameConnection'],
    );
  });

  it('E: walkthrough steps contain only links and bold, are completed by the actual event, and have a picture', async () => {
    assert.ok(extension);
    for (const { id, description, media, completionEvents } of contributes.walkthroughs[0]?.steps ?? []) {
      assert.doesNotMatch(description.replaceAll('**', ''), /[*`#|]|(?<![a-z])_(?![a-z])/, id);
      assert.ok(
        completionEvents.every((event) => event.startsWith('onContext:posthogEnvironments.')),
        id,
      );
      const picture = vscode.Uri.joinPath(extension.extensionUri, media.image ?? '');
      assert.ok((await vscode.workspace.fs.stat(picture)).size > 10_000, id);
      assert.ok(media.altText, id);
    }
  });

  it('is in the palette, or there is a reason why not', () => {
    const palette = contributes.menus.commandPalette ?? [];
    const hidden = palette.filter(({ when }) => when === 'false').map(({ command }) => short(command));
    const connected = palette
      .filter(({ when }) => when === '!posthogEnvironments.unconnected')
      .map(({ command }) => short(command));
    const limited = palette
      .map(({ command }) => short(command))
      .filter((id) => !hidden.includes(id) && !connected.includes(id));
    assert.deepEqual(hidden.sort(), Object.keys(notInPalette).sort());
    assert.deepEqual(limited.sort(), Object.keys(inPaletteForTheirEditor).sort());
    assert.deepEqual(
      contributed
        .map(short)
        .filter((id) => ![...hidden, ...limited, ...connected].includes(id))
        .sort(),
      [...unconnected].sort(),
    );
  });

  it('E: without a connection, the title of the view only offers what applies, as the palette does', () => {
    const title = contributes.menus['view/title'] ?? [];
    const always = title
      .filter(({ when }) => when === 'view == posthogEnvironments.environments')
      .map(({ command }) => short(command));
    assert.deepEqual(always.sort(), [...unconnected].sort());
    const others = title.filter(
      ({ when, command }) =>
        when?.includes('posthogEnvironments.environments') && !always.includes(short(command)),
    );
    assert.ok(others.length >= 3);
    for (const { command, when } of others) {
      assert.match(when ?? '', / && !posthogEnvironments\.unconnected$/, command);
    }
  });

  it('exists wherever the manifest refers to one', () => {
    const welcome = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:([\w.]+)/g)].map(([, command]) => command ?? ''),
    );
    const named = [...menuEntries, ...contributes.keybindings].map(({ command }) => command);
    for (const command of [...named, ...welcome].filter((one) => one.startsWith(prefix))) {
      assert.ok(contributed.includes(command), command);
    }
    for (const { when = '' } of [...menuEntries, ...contributes.keybindings]) {
      for (const [id] of when.matchAll(/posthogEnvironments[\w.]*/g)) {
        assert.ok(idsInWhen.includes(id), `${id} in "${when}"`);
      }
    }
  });

  describe('on the rows of the tree', () => {
    /** The context values of all rows that a key can see, except for pages that aren't loaded. */
    async function contextValues(bench: HostBench): Promise<Set<string>> {
      const found = new Set<string>();
      const visit = async (rows: readonly TreeNode[]): Promise<void> => {
        for (const row of rows) {
          const { contextValue, collapsibleState } = row.item();
          found.add(contextValue ?? '');
          if (collapsibleState !== vscode.TreeItemCollapsibleState.None) {
            await visit(await rowsBelow(bench, row));
          }
        }
      };
      const root = await bench.services.provider.connection(bench.connectionId);
      assert.ok(root);
      await visit([root]);
      return found;
    }

    const patternOf = ({ when = '' }: MenuEntry): RegExp => {
      const [, pattern] = /viewItem =~ \/(.*?)\/(?: |$)/.exec(when) ?? [];
      assert.ok(pattern, `there's no pattern in "${when}"`);
      return new RegExp(pattern);
    };

    /** Asserts that every entry appears on some of these rows, and uses no context value that no row has. */
    function assertShown(entries: readonly MenuEntry[], produced: ReadonlySet<string>): void {
      const words = new Set([...produced].flatMap((value) => value.split(' ')));
      assert.ok(entries.length > 0);
      for (const entry of entries) {
        const pattern = patternOf(entry);
        assert.ok(
          [...produced].some((value) => pattern.test(value)),
          `${entry.command}: nothing matches ${String(pattern)}`,
        );
        for (const [word] of pattern.source.replace(/\\[a-z]/g, ' ').matchAll(/[A-Za-z]+/g)) {
          assert.ok(words.has(word), `${entry.command}: there's no row with "${word}"`);
        }
      }
      for (const value of produced) {
        assert.notEqual(value, '', 'a row without a context value');
      }
    }

    it('appears on some row, and every word of its condition is a context value', async () => {
      const produced = new Set<string>();
      for (const generation of ['current', 'documented'] as const) {
        const bench = await HostBench.start({ generation });
        if (generation === 'current') {
          const client = await bench.services.connections.client(bench.connectionId);
          const environment = { id: STAGING, projectId: STAGING };
          const { signal } = new AbortController();
          await client.deleteEnvironment(environment, signal);
          const detail = await client.getEnvironment(environment, signal);
          const { connectionId } = bench;
          bench.services.changes.fire({ kind: 'environment', connectionId, environment, detail });
          await bench.services.marks.mark(connectionId, PRODUCTION, { readOnly: true });
          await bench.services.provider.settled();
          bench.control.addFault({
            route: { method: 'GET', path: '/api/projects/2100/warehouse_tables' },
            kind: 'status-500',
          });
        }
        (await contextValues(bench)).forEach((value) => produced.add(value));
        await bench.stop();
      }
      assertShown(rowEntries, produced);
      const everyEntry = contributes.menus['view/item/context'] ?? [];
      assert.equal(rowEntries.length + historyEntries.length, everyEntry.length, 'belongs to no view');
    });

    it('appears on some row of the history, which offers to undo what can be undone', () => {
      const contextOf = (kind: HistoryEntry['kind']): string => {
        const change = { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' };
        const entry: HistoryEntry = {
          id: '20260101T000000000Z-00000000',
          startedAt: '2026-01-01T00:00:00.000Z',
          connectionId: 'connection',
          environment: { id: STAGING, projectId: STAGING, name: 'Staging' },
          kind,
          changes: [change],
          outcome: 'applied',
          what: '',
        };
        return itemOf(new HistoryItem(entry), true).contextValue ?? '';
      };
      assertShown(historyEntries, new Set([contextOf('save'), contextOf('delete')]));
      const undo = historyEntries.filter(({ command }) => short(command) === 'undoChange');
      assert.deepEqual(
        [...new Set(undo.map((entry) => patternOf(entry).test(contextOf('delete'))))],
        [false],
      );
    });

    it("isn't offered in a read-only environment, if it writes to it", async () => {
      const bench = await HostBench.start();
      const { directory, marks } = bench.services;
      const before = [...(await contextValues(bench))];
      for (const entry of directory.known(bench.connectionId)) {
        if (entry.kind === 'environment') {
          await marks.mark(bench.connectionId, entry.environmentId, { readOnly: true });
        }
      }
      const produced = [...(await contextValues(bench))];
      await bench.stop();
      const creating = ['createEnvironment', 'duplicateEnvironment'];
      const entries = rowEntries.filter(
        ({ command }) =>
          (writing.includes(short(command)) && !creating.includes(short(command))) ||
          short(command) === 'rename',
      );
      const offered = (values: readonly string[]): string[] =>
        entries
          .filter((entry) => values.some((value) => patternOf(entry).test(value)))
          .map(({ command }) => command);
      assert.deepEqual(
        offered(before),
        entries.map(({ command }) => command),
      );
      assert.deepEqual(offered(produced), []);
      assert.ok(produced.some((value) => value.startsWith('column')));
    });

    for (const generation of ['current', 'documented'] as const) {
      it(`isn't offered to a read-only key (${generation})`, async () => {
        const bench = await HostBench.start({ generation, key: 'read' });
        const produced = [...(await contextValues(bench))];
        await bench.stop();
        assert.ok(produced.some((value) => value.startsWith('column')));
        const entries = rowEntries.filter(({ command }) => writing.includes(short(command)));
        assert.ok(entries.length >= writing.length);
        for (const entry of entries) {
          const offered = produced.filter((value) => patternOf(entry).test(value));
          assert.deepEqual(offered, [], entry.command);
        }
        const renamed = rowEntries.filter(({ command }) => short(command) === 'rename');
        for (const entry of renamed) {
          const offered = produced.filter((value) => patternOf(entry).test(value));
          assert.ok(
            offered.every((value) => value.startsWith('connection')),
            offered.join(', '),
          );
        }
      });
    }
  });

  it('4: Refresh is only offered for rows and web vitals, not for a side of a comparison or of a change', () => {
    const entries = menuEntries.filter(({ command }) => command === `${prefix}refreshReport`);
    assert.equal(entries.length, 2);
    for (const { when = '' } of entries) {
      const name = new RegExp(/resourceFilename =~ \/(.*)\/$/.exec(when)?.[1] ?? '$^');
      assert.deepEqual(
        ['orders.posthog-rows.txt', 'of start page.posthog-vitals.json'].map((one) => name.test(one)),
        [true, true],
      );
      assert.deepEqual(
        ['with B.posthog-comparison.json', 'A.posthog-change.json'].map((one) => name.test(one)),
        [false, false],
      );
    }
  });
});
