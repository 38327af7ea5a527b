import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Revisions, type Revision } from '../../../src/documents/revisions';

const first: Revision = { base: { a: 1, b: 1 }, text: 'a1 b1', mtime: 100 };

describe('revisions', () => {
  let revisions: Revisions;
  beforeEach(() => {
    revisions = new Revisions(first);
  });

  it('an announced revision counts once the editor shows it', () => {
    assert.ok(revisions.announce({ a: 1, b: 2 }, 'a1 b2'));
    assert.equal(revisions.current.text, 'a1 b2');
    assert.deepEqual(revisions.of('a1 b1').base, first.base);
    assert.ok(!revisions.isEdited('a1 b1'));
    revisions.see('a1 b2', false);
    assert.deepEqual(revisions.shown.base, { a: 1, b: 2 });
  });

  it('typing before the editor shows it discards it', () => {
    revisions.announce({ a: 1, b: 2 }, 'a1 b2');
    revisions.see('a9 b1', true);
    assert.equal(revisions.current, first);
  });

  it('an editor that is two revisions behind is based on the one it shows', () => {
    revisions.announce({ a: 1, b: 2 }, 'a1 b2');
    revisions.announce({ a: 1, b: 3 }, 'a1 b3');
    revisions.see('a1 b2', false);
    revisions.see('a9 b2', true);
    assert.deepEqual(revisions.shown.base, { a: 1, b: 2 });
    assert.equal(revisions.current, revisions.shown);
  });

  it('the same text with another base keeps its mtime', () => {
    assert.ok(!revisions.announce({ a: 1, b: 1, c: 1 }, first.text));
    assert.deepEqual(revisions.shown, { ...first, base: { a: 1, b: 1, c: 1 } });
  });

  it("a changed line ending isn't an edit", () => {
    revisions = new Revisions({ ...first, text: 'a1\nb1' });
    assert.ok(!revisions.isEdited('a1\r\nb1'));
    assert.ok(revisions.isEdited('a1\r\n\r\nb1'));
  });

  it('A9: after a partly applied save, the file is what the server has, and reverting uses that as the base', () => {
    revisions.see('a9 b9', true);
    revisions.rebase({ a: 9, b: 1 }, 'a9 b2', { a: 9, b: 2 });
    assert.equal(revisions.current.text, 'a9 b2');
    assert.equal(revisions.current.mtime, first.mtime, "VS Code doesn't save over a newer file");
    assert.deepEqual(revisions.of('a9 b9').base, { a: 9, b: 1 });
    assert.ok(revisions.isEdited('a9 b9'));
    revisions.see('a9 b2', false);
    assert.deepEqual(revisions.shown.base, { a: 9, b: 2 });
    assert.ok(!revisions.overtake('a9 b2'));
  });

  it('A9: after such a save, changes are compared with what the server was seen to have', () => {
    revisions.see('a9 b9 c1', true);
    assert.deepEqual(revisions.serverOf({ a: 9, b: 9, c: 1 }), first.base);
    revisions.rebase({ a: 9, b: 1, c: 1 }, 'a9 b2 c2', { a: 9, b: 2, c: 2 });
    assert.deepEqual(revisions.serverOf({ a: 9, b: 9, c: 1 }), { a: 9, b: 2, c: 1 }, "c isn't a change");
    assert.deepEqual(revisions.serverOf({ a: 9, b: 9, c: 9 }), { a: 9, b: 2, c: 2 });
    revisions.rebase({ a: 9, b: 9, c: 1 });
    assert.deepEqual(revisions.serverOf({ a: 9, b: 8, c: 1 }), { a: 9, b: 9, c: 1 });
  });

  it('A9: undoing to the text from before such a save makes VS Code read the file', () => {
    revisions.see('a9 b9', true);
    revisions.rebase({ a: 9, b: 1 }, 'a9 b2', { a: 9, b: 2 });
    revisions.see('a1 b1', false);
    assert.ok(revisions.overtake('a1 b1'));
    assert.ok(revisions.current.mtime > first.mtime);
    assert.deepEqual(revisions.current.base, { a: 9, b: 2 });
    assert.equal(revisions.current.text, 'a9 b2');
  });

  it("A3: after a save, the server's form waits until the editor has no edits", () => {
    const saved = { base: { a: 2, b: 2 }, mine: { a: 2, b: 1 }, text: 'a2 b2' };
    revisions.save('a2 b1', saved);
    assert.ok(revisions.settle('a2 b1'));
    assert.equal(revisions.current.text, 'a2 b2');
    assert.deepEqual(revisions.of('a2 b1').base, saved.mine);

    revisions = new Revisions(first);
    revisions.save('a2 b1', saved);
    assert.ok(!revisions.settle('a3 b1'));
    assert.deepEqual(revisions.shown.base, saved.mine);
    assert.ok(!revisions.settle('a2 b1'), "it's announced once or never");
  });

  it("A3: what is typed during a save isn't replaced by the server's form, and withdraws what was announced", () => {
    revisions.save('a2 b1', { base: { a: 2, b: 2 }, mine: { a: 2, b: 1 }, text: 'a2 b2' });
    assert.equal(revisions.unsettled('a3 b1'), undefined);
    assert.equal(revisions.unsettled('a2 b1')?.text, 'a2 b2');

    revisions = new Revisions(first);
    revisions.announce({ a: 1, b: 2 }, 'a1 b2');
    revisions.see('a9 b1', false);
    assert.equal(revisions.current, first, 'whether or not VS Code says that such text is edited');
  });

  /**
   * An editor that learns about revisions late, is typed into at any moment, and saved: whatever happens, only others
   * change `b`, so no save may find that `b` differs from its base.
   */
  it("A3: text is never compared with a newer base, whatever the order of events and VS Code's flags", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('type' as const), a: fc.nat(3) }),
      fc.record({ kind: fc.constant('others' as const), b: fc.nat(3) }),
      fc.record({ kind: fc.constantFrom('reload' as const, 'hear' as const, 'announce' as const) }),
      fc.record({ kind: fc.constant('save' as const), a: fc.option(fc.nat(3)), flag: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const text = (a: number, b: number): string => `a${a} b${b}`;
        const parse = (one: string): { a: number; b: number } => ({ a: Number(one[1]), b: Number(one[4]) });
        const server = { a: 1, b: 1 };
        let editor = text(1, 1);
        let isDirty = false;
        const model = new Revisions(first);
        const check = (content: string): void => {
          assert.equal(parse(content).b, model.of(content).base.b, `${content} would change b`);
        };
        for (const one of steps) {
          switch (one.kind) {
            case 'type':
              editor = text(one.a, parse(editor).b);
              isDirty = true;
              model.see(editor, true);
              break;
            case 'others':
              server.b = one.b;
              break;
            case 'announce':
              if (!isDirty && !model.isEdited(editor)) {
                model.announce({ ...server }, text(server.a, server.b));
              }
              break;
            case 'reload':
              // VS Code rereads the file and reports it immediately.
              if (!isDirty) {
                editor = model.current.text;
                model.see(editor, false);
              }
              break;
            case 'hear':
              model.see(editor, isDirty);
              break;
            case 'save': {
              const content = editor;
              check(content);
              const { base } = model.of(content);
              const wanted = parse(content);
              if (wanted.a !== base.a) {
                server.a = wanted.a;
              }
              if (one.a !== null) {
                editor = text(one.a, parse(editor).b);
                model.see(editor, true);
              }
              model.save(content, { base: { ...server }, mine: wanted, text: text(server.a, server.b) });
              // The extension host's flag is false now; the one that counts may be true.
              isDirty = one.a !== null;
              model.settle(editor);
              model.see(editor, one.flag && isDirty);
              break;
            }
          }
          check(editor);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
