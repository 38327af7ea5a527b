import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Generation } from '../../src/sandbox/index';
import { HostBench, PRODUCTION, STAGING } from './support/bench';
import { openDocument, setText, settingsOf } from './support/documents';
import { canceled, type } from './support/prompts';
import { eventually, labelsAt, rowAt, textOf } from './support/tree';

const shop = (generation: Generation): string[] =>
  generation === 'current' ? ['Hedgehog Outfitters'] : ['Hedgehog Outfitters', 'Online shop'];

/** A clock of the server that stands still, so that every deletion is due and in progress until the test ends it. */
const due = (): Date => new Date('2020-03-16T12:00:00Z');

for (const generation of ['current', 'documented'] as const) {
  describe(`deleting environments (${generation})`, () => {
    let bench: HostBench;
    const path = shop(generation);

    beforeEach(async () => {
      bench = await HostBench.start({ generation, now: due });
    });
    afterEach(() => bench.stop());

    const staging = (): ReturnType<typeof rowAt> => rowAt(bench, ...path, 'Staging');
    const isThere = (id: number): boolean => bench.control.environmentIds().includes(id);
    const deletions = (): number => bench.requests(({ method }) => method === 'DELETE').length;
    const told = (): string => bench.prompts.told.map(({ message }) => message).join('\n');
    const over = async (): Promise<void> => (await bench.services.deletions()).idle();

    /** Completes a pending deletion as soon as the tree shows it. */
    function endWhenShown(id: number): vscode.Disposable {
      return bench.services.changes.onDidChange((change) => {
        if (change.kind === 'environment' && change.detail.is_pending_deletion === true) {
          bench.control.removeEnvironment(id);
        }
      });
    }

    it('says what is deleted, and deletes it once the name is typed', async () => {
      const subscription = endWhenShown(STAGING);
      bench.script(type('Staging'));
      await bench.run('deleteEnvironment', await staging());
      await over();
      subscription.dispose();
      assert.equal(isThere(STAGING), false);
      assert.ok(!(await labelsAt(bench, ...path)).includes('Staging'));
      const [question] = bench.prompts.asked;
      assert.match(
        question?.prompt ?? '',
        generation === 'current'
          ? /the whole project "Staging" of Hedgehog Outfitters .*12 warehouse tables\. If this server schedules deletions, you can cancel/
          : /the environment "Staging" of Hedgehog Outfitters .*This can't be undone/,
      );
      assert.match(told(), /"Staging" was deleted\./);
    });

    it('accepts no other name', async () => {
      bench.script(canceled.type);
      await bench.run('deleteEnvironment', await staging());
      const [question] = bench.prompts.asked;
      for (const text of ['staging', 'Staging ', 'Stagin', '']) {
        assert.ok(await question?.validate?.(text), text);
      }
      assert.equal(await question?.validate?.('Staging'), undefined);
      assert.equal(deletions(), 0);
      assert.equal(isThere(STAGING), true);
    });

    it('E: a name that no keyboard has can be typed the way it is shown', async () => {
      const row = await staging();
      for (const [name, shown] of [
        ['Pay\u202Eroll\u200B', 'Pay[U+202E]roll[U+200B]'],
        ['S\u00A0\u0065\u0301t\u00E9 $(beaker)', 'S \u00E9t\u00E9 $(beaker)'],
      ] as const) {
        bench.control.patchEnvironment(STAGING, { name });
        bench.script(canceled.type);
        await bench.run('deleteEnvironment', row);
        const [question] = bench.prompts.asked;
        assert.equal(await question?.validate?.(shown), undefined, shown);
        assert.equal(await question?.validate?.(name), undefined, name);
        assert.match((await question?.validate?.('Pay roll')) ?? '', /^Type ".*" exactly, or press Esc\.$/);
        assert.equal(deletions(), 0);
      }
    });

    it('closes its clean documents and keeps the text of dirty ones', async () => {
      const subscription = endWhenShown(STAGING);
      const kept = await openDocument(settingsOf(bench, PRODUCTION, 'Production'));
      const clean = await openDocument(settingsOf(bench, STAGING, 'Staging'));
      await bench.run('openTable', (await tableOf(bench, path)).row);
      const table = vscode.window.activeTextEditor?.document;
      assert.ok(table);
      await setText(table, '{ "mine": true }');
      bench.script(type('Staging'));
      await bench.run('deleteEnvironment', await staging());
      await over();
      subscription.dispose();
      const shown = vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri.toString()] : []));
      assert.deepEqual(shown.sort(), [kept.uri.toString(), table.uri.toString()].sort());
      assert.ok(!shown.includes(clean.uri.toString()));
      assert.equal(table.getText(), '{ "mine": true }');
      assert.match(told(), /Unsaved changes stay open in/);
    });

    for (const kind of ['drop-after', 'status-500-after'] as const) {
      it(`finds out that it was deleted if the response is ${kind}`, async () => {
        const subscription = endWhenShown(STAGING);
        bench.control.addFault({ route: { method: 'DELETE', path: '/api/' }, times: 1, kind });
        bench.script(type('Staging'));
        await bench.run('deleteEnvironment', await staging());
        await over();
        subscription.dispose();
        assert.match(told(), /"Staging" was deleted\./);
        assert.equal(deletions(), 1);
        assert.equal(isThere(STAGING), false);
      });
    }

    it('says that nothing changed if the server failed first', async () => {
      bench.control.addFault({ route: { method: 'DELETE', path: '/api/' }, times: 1, kind: 'status-500' });
      bench.script(type('Staging'));
      await bench.run('deleteEnvironment', await staging());
      assert.match(told(), /"Staging" wasn't deleted\..*still has it/s);
      assert.equal(isThere(STAGING), true);
    });

    it('removes an environment that is already gone from the tree', async () => {
      const row = await staging();
      bench.control.removeEnvironment(STAGING);
      await bench.run('deleteEnvironment', row);
      assert.match(told(), /no longer exists/);
      assert.ok(!(await labelsAt(bench, ...path)).includes('Staging'));
    });
  });
}

async function tableOf(
  bench: HostBench,
  path: readonly string[],
): Promise<{ row: Awaited<ReturnType<typeof rowAt>> }> {
  const [name] = await labelsAt(bench, ...path, 'Staging', 'Warehouse tables');
  assert.ok(name);
  return { row: await rowAt(bench, ...path, 'Staging', 'Warehouse tables', name) };
}

describe('deletions that the server refuses or delays (current)', () => {
  let bench: HostBench;
  const path = shop('current');
  const told = (): string => bench.prompts.told.map(({ message }) => message).join('\n');
  const feature = (name: string): void =>
    bench.control.setFeature(textOf(bench.control.environment(STAGING).organization), name, true);

  afterEach(() => bench.stop());

  it('shows in the tree that an environment is being deleted, until it is gone', async () => {
    bench = await HostBench.start({ now: due });
    const row = await rowAt(bench, ...path, 'Staging');
    let seen: string | undefined;
    const subscription = bench.services.provider.onDidChangeTreeData((changed) => {
      const shown = changed === row ? row.item().contextValue : undefined;
      if (shown?.includes('pending') === true) {
        subscription.dispose();
        // A refresh lists it as usual, but the row still shows the deletion.
        bench.services.provider.refresh();
        void rowAt(bench, ...path, 'Staging').then((again) => {
          const { description, contextValue } = again.item();
          seen = `${String(description)} | ${String(contextValue)}`;
          bench.control.removeEnvironment(STAGING);
        });
      }
    });
    bench.script(type('Staging'));
    await bench.run('deleteEnvironment', row);
    await (await bench.services.deletions()).idle();
    assert.match(seen ?? '', /^being deleted.*pending/);
    assert.doesNotMatch(seen ?? '', /writable/);
    assert.ok(!(await labelsAt(bench, ...path)).includes('Staging'));
  });

  it('sends no second deletion of one that is in progress', async () => {
    bench = await HostBench.start({ now: due });
    const row = await rowAt(bench, ...path, 'Staging');
    const client = await bench.services.connections.client(bench.connectionId);
    await client.deleteEnvironment({ id: STAGING, projectId: STAGING }, new AbortController().signal);
    bench.clear();
    const subscription = bench.services.changes.onDidChange(({ kind }) => {
      if (kind === 'environment') {
        bench.control.removeEnvironment(STAGING);
      }
    });
    await bench.run('deleteEnvironment', row);
    await (await bench.services.deletions()).idle();
    subscription.dispose();
    assert.ok(!bench.methods().includes('DELETE'));
    assert.match(told(), /was deleted/);
  });

  for (const [name, sentence] of [
    ['deletion_disabled', /wasn't deleted\..*temporarily disabled.*Try again later\./s],
  ] as const) {
    it(`reports a refusal (${name})`, async () => {
      bench = await HostBench.start();
      feature(name);
      bench.script(type('Staging'));
      await bench.run('deleteEnvironment', await rowAt(bench, ...path, 'Staging'));
      assert.match(told(), sentence);
      assert.equal(bench.control.environment(STAGING).is_pending_deletion, false);
    });
  }

  it('names the subscription that prevents deleting the last one', async () => {
    bench = await HostBench.start();
    const playground = await rowAt(bench, 'Example Labs', 'Playground');
    const { organization } = bench.control.environment(2100);
    bench.control.setFeature(textOf(organization), 'active_subscription', true);
    bench.script(type('Playground'));
    await bench.run('deleteEnvironment', playground);
    assert.match(told(), /Cancel the subscription/);
    assert.equal(bench.control.environment(2100).is_pending_deletion, false);
  });

  it('warns a member before anything is sent', async () => {
    bench = await HostBench.start({ key: 'member' });
    await bench.run('deleteEnvironment', await rowAt(bench, ...path, 'Staging'));
    assert.match(told(), /its owner is a member/);
    assert.ok(!bench.methods().includes('DELETE'));
    assert.deepEqual(bench.prompts.asked, []);
  });

  it('deletes the focused row with the Delete key, whatever is selected', async () => {
    bench = await HostBench.start();
    const { tree } = bench.services;
    const production = await rowAt(bench, ...path, 'Production');
    const row = await rowAt(bench, ...path, 'Staging');
    await tree.reveal(production, { select: true, focus: true });
    await vscode.commands.executeCommand('posthogEnvironments.environments.focus');
    await tree.reveal(row, { select: false, focus: true });
    await eventually(() => tree.selection[0] === production, 'the selection');
    bench.script(canceled.type);
    await bench.run('delete', 'byKeyboard');
    assert.match(bench.prompts.asked[0]?.title ?? '', /Delete Environment Staging/);
    assert.deepEqual(tree.selection, [production]);
  });
});

describe('scheduled deletions', () => {
  let bench: HostBench;
  const path = shop('current');
  const told = (): string => bench.prompts.told.map(({ message }) => message).join('\n');

  beforeEach(async () => {
    bench = await HostBench.start();
  });
  afterEach(() => bench.stop());

  it('B6: names the time, links to PostHog, and announces the deletion in the row', async () => {
    await openDocument(settingsOf(bench, STAGING, 'Staging'));
    const row = await rowAt(bench, ...path, 'Staging');
    bench.script(type('Staging'));
    await bench.run('deleteEnvironment', row);
    const scheduledAt = textOf(bench.control.environment(STAGING).deletion_scheduled_at);
    const time = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
    const when = time.format(new Date(scheduledAt));
    assert.deepEqual(bench.prompts.told, [
      {
        severity: 'information',
        message: `PostHog will delete "Staging" on ${when}. Until then, you can cancel the deletion in PostHog.`,
        buttons: ['Open in PostHog'],
      },
    ]);
    assert.doesNotMatch(bench.prompts.asked[0]?.prompt ?? '', /This can't be undone/);
    const { description, contextValue } = (await rowAt(bench, ...path, 'Staging')).item();
    assert.equal(description, `deletion on ${when} · 1202 · UTC`);
    assert.match(contextValue ?? '', /pending/);
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
    await (await bench.services.deletions()).idle();
    assert.equal(bench.methods().filter((method) => method === 'DELETE').length, 1);
  });

  it('B6: a deletion that was canceled in PostHog leaves the row as it was', async () => {
    bench.script(type('Staging'));
    await bench.run('deleteEnvironment', await rowAt(bench, ...path, 'Staging'));
    bench.control.cancelDeletion(STAGING);
    await bench.run('refresh');
    await eventually(
      () => !bench.services.directory.pendingDeletions.get(bench.connectionId, STAGING),
      'the end of the pending deletion',
    );
    const { description, contextValue } = (await rowAt(bench, ...path, 'Staging')).item();
    assert.equal(description, '1202 · UTC');
    assert.match(contextValue ?? '', /writable/);
    const canceledIn = (): number =>
      bench.prompts.told.filter(
        ({ message }) => message === 'The deletion of "Staging" was canceled in PostHog.',
      ).length;
    assert.equal(canceledIn(), 1);
    await bench.run('refresh');
    assert.equal(canceledIn(), 1);
  });

  it('B6: a project without data is deleted at once, and no time is mentioned', async () => {
    bench.control.patchEnvironment(STAGING, { ingested_event: false });
    for (const { id } of bench.control.tables(STAGING)) {
      bench.control.patchTable(STAGING, textOf(id), { deleted: true });
    }
    bench.script(type('Staging'));
    await bench.run('deleteEnvironment', await rowAt(bench, ...path, 'Staging'));
    assert.equal(told(), '"Staging" was deleted.');
    assert.ok(!bench.control.environmentIds().includes(STAGING));
    assert.ok(!(await labelsAt(bench, ...path)).includes('Staging'));
  });
});
