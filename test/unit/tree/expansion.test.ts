import assert from 'node:assert/strict';
import { TreeExpansion } from '../../../src/tree/expansion';

/** A memento that survives a reload. */
class Kept {
  constructor(readonly values: Record<string, unknown> = {}) {}

  readonly get = <T>(key: string, fallback?: T): T | undefined =>
    (this.values[key] as T | undefined) ?? fallback;

  async update(key: string, value: unknown): Promise<void> {
    this.values[key] = JSON.parse(JSON.stringify(value));
  }
}

describe('which rows of the tree are expanded', () => {
  it('E: expanded and collapsed rows survive a reload', () => {
    const memento = new Kept();
    const before = new TreeExpansion(memento);
    before.set('c:1', true);
    before.set('c:1/o:a', true);
    before.set('c:1/o:a', false);
    const after = new TreeExpansion(memento);
    assert.equal(after.isExpanded('c:1', false), true);
    assert.equal(after.isExpanded('c:1/o:a', true), false);
    assert.equal(after.isExpanded('c:1/o:b', false), false);
  });

  it('E: a row that started expanded stays expanded', () => {
    const memento = new Kept();
    assert.equal(new TreeExpansion(memento).isExpanded('c:1', true), true);
    assert.equal(new TreeExpansion(memento).isExpanded('c:1', false), true);
  });

  it('E: rows of removed connections are forgotten, and the number of rows is limited', () => {
    const memento = new Kept();
    const expansion = new TreeExpansion(memento);
    expansion.set('c:1/o:a', true);
    expansion.set('c:10', true);
    expansion.prune(['c:10']);
    assert.equal(expansion.isExpanded('c:1/o:a', false), false);
    assert.equal(expansion.isExpanded('c:10', false), true);
    for (let row = 0; row < 600; row += 1) {
      expansion.set(`c:10/o:${row}`, true);
    }
    const { expanded } = memento.values['tree.expansion'] as { expanded: string[] };
    assert.equal(expanded.length, 500);
    assert.equal(new TreeExpansion(memento).isExpanded('c:10/o:599', false), true);
  });

  it("E: a value stored in a different form isn't a failure", () => {
    for (const stored of [null, 7, [], { expanded: 'x', collapsed: [1, {}] }]) {
      assert.equal(new TreeExpansion(new Kept({ 'tree.expansion': stored })).isExpanded('c:1', false), false);
    }
  });
});
