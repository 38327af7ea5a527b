import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isJsonObject, jsonEquals, parseJson, type JsonObject, type JsonValue } from '../../../src/json/json';
import { merge, type Merge } from '../../../src/json/merge/merge';
import { pathIn, pathText, type MergePath } from '../../../src/json/merge/path';
import type { MergeRule } from '../../../src/json/merge/rule';

const conflictsOf = ({ conflicts }: Merge): string[] => conflicts.map(({ path }) => pathText(path));
const takenOf = ({ taken }: Merge): string[] => taken.map((path) => pathText(path));

/** Keys that are also names of properties that every JavaScript object has. */
const keys = fc.constantFrom('a', 'b', 'id', 'constructor', 'toString', '__proto__');
const scalars = fc.oneof(fc.boolean(), fc.nat(3), fc.constantFrom('a', 'b', ''), fc.constant(null));

/** Values with arrays of scalars, and of objects with or without an identifying key. */
const { value: values } = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: scalars },
    { weight: 3, arbitrary: tie('object') },
    fc.array(scalars, { maxLength: 4 }),
    fc.array(
      fc.record({ id: fc.nat(4), x: tie('value') }).map((item): JsonValue => ({ ...item })),
      { maxLength: 4 },
    ),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc
    .array(fc.tuple(keys, tie('value')), { maxLength: 4 })
    // Not by assignment, which would set the prototype.
    .map((entries): JsonObject => Object.fromEntries(entries)),
}));
const documents = fc
  .array(fc.tuple(keys, values), { maxLength: 5 })
  .map((entries): JsonObject => Object.fromEntries(entries));

const copy = <T extends JsonValue>(value: T): T => parseJson(JSON.stringify(value)) as T;

/** Arrays of items with an ID, some of which are changed, removed and added. */
const itemLists = fc
  .uniqueArray(fc.nat(7), { maxLength: 6 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), x: fc.nat(2) }))))
  .map((items): JsonValue[] => items.map((item) => ({ ...item })));

/** Documents in which both sides start from the same base and change parts of it. */
const triples: fc.Arbitrary<[JsonObject, JsonObject, JsonObject]> = fc.oneof(
  fc.tuple(documents, documents, documents),
  fc
    .tuple(documents, documents, documents)
    .map(([base, mine, theirs]) => [base, { ...base, ...mine }, { ...base, ...theirs }] as const)
    .map(([base, mine, theirs]): [JsonObject, JsonObject, JsonObject] => [base, mine, theirs]),
  fc
    .tuple(itemLists, itemLists, itemLists)
    .map(([base, mine, theirs]): [JsonObject, JsonObject, JsonObject] => [
      { list: base },
      { list: mine },
      { list: theirs },
    ]),
);

/** Every change from one version to another, as deep as objects go, by path. */
function changes(from: JsonValue | undefined, to: JsonValue | undefined, path: string): [string, string][] {
  if (jsonEquals(from, to)) {
    return [];
  }
  if (!isJsonObject(from) || !isJsonObject(to)) {
    return [[path, to === undefined ? 'nothing' : JSON.stringify(to)]];
  }
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
    changes(
      Object.hasOwn(from, key) ? from[key] : undefined,
      Object.hasOwn(to, key) ? to[key] : undefined,
      `${path}/${key}`,
    ),
  );
}

/** A path that consists only of keys. */
const slashed = (path: MergePath): string =>
  path.map((step) => `/${typeof step === 'string' ? step : '?'}`).join('');

/** Objects without arrays, in which changes can be found without knowing how arrays merge. */
const { tree: trees } = fc.letrec<{ tree: JsonObject }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ maxDepth: 3 }, scalars, tie('tree')), {
    maxKeys: 3,
  }),
}));

const next = (stream: Iterator<'mine' | 'theirs', unknown>): 'mine' | 'theirs' =>
  stream.next().value === 'mine' ? 'mine' : 'theirs';

describe('11.1: three-way merge of JSON', () => {
  it('11.1: merge(a, a, b) is b, merge(a, b, a) is b, merge(a, b, b) is b', () => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        for (const [base, mine, theirs] of [
          [a, copy(a), b],
          [a, b, copy(a)],
          [a, b, copy(b)],
        ] as const) {
          const { merged, conflicts } = merge({ base, mine, theirs });
          assert.ok(jsonEquals(merged, b), JSON.stringify(merged));
          assert.deepEqual(conflicts, []);
        }
        assert.deepEqual(merge({ base: a, mine: b, theirs: copy(a) }).taken, []);
      }),
      { numRuns: 1000 },
    );
  });

  it('11.1: swapping the sides swaps those of the conflicts, or gives the same result', () => {
    fc.assert(
      fc.property(triples, ([base, mine, theirs]) => {
        const forward = merge({ base, mine, theirs });
        const backward = merge({ base, mine: theirs, theirs: mine });
        const byPath = ({ conflicts }: Merge, swapped: boolean) =>
          new Map(
            conflicts.map((one) => [
              JSON.stringify(one.path),
              JSON.stringify(swapped ? [one.base, one.theirs, one.mine] : [one.base, one.mine, one.theirs]),
            ]),
          );
        assert.deepEqual(byPath(forward, false), byPath(backward, true));
        if (forward.conflicts.length === 0) {
          assert.ok(jsonEquals(forward.merged, backward.merged));
        }
        const answered = (one: Merge, use: 'mine' | 'theirs') =>
          one.conflicts.map(({ path }) => ({ path, use }));
        const ours = merge({ base, mine, theirs }, {}, answered(forward, 'theirs'));
        const others = merge({ base, mine: theirs, theirs: mine }, {}, answered(backward, 'mine'));
        if (ours.conflicts.length === 0 && others.conflicts.length === 0) {
          assert.ok(jsonEquals(ours.merged, others.merged), JSON.stringify([ours.merged, others.merged]));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('11.1: there is a conflict exactly where both sides changed the same path differently; everything else of both is in the result', () => {
    fc.assert(
      fc.property(trees, trees, trees, (base, mine, theirs) => {
        const { merged, conflicts, taken } = merge({ base, mine, theirs });
        const [my, their] = [new Map(changes(base, mine, '')), new Map(changes(base, theirs, ''))];
        const isBelow = (path: string, other: string): boolean =>
          path === other || path.startsWith(`${other}/`);
        const clashes = (path: string, value: string, others: ReadonlyMap<string, string>): boolean =>
          [...others].some(
            ([other, that]) => (isBelow(path, other) || isBelow(other, path)) && value !== that,
          );
        const at = conflicts.map(({ path }) => slashed(path));
        for (const [path, value] of [...my, ...their]) {
          const others = my.get(path) === value ? their : my;
          // Two new objects at the same place are merged by their keys.
          const isObject = value.startsWith('{');
          if (!isObject && clashes(path, value, others)) {
            const found = at.some((one) => isBelow(path, one) || isBelow(one, path));
            assert.ok(found, `no conflict at ${path}`);
          }
        }
        for (const [index, path] of at.entries()) {
          const { base: was, mine: left, theirs: right } = conflicts[index] ?? {};
          assert.ok(!jsonEquals(left, right) && !jsonEquals(was, left) && !jsonEquals(was, right), path);
        }
        const inConflict = (path: string): boolean =>
          at.some((one) => isBelow(path, one) || isBelow(one, path));
        const became = new Map(changes(base, merged, ''));
        for (const [path, value] of [...my, ...their]) {
          if (!inConflict(path) && !value.startsWith('{')) {
            assert.equal(became.get(path), value, `lost: ${path}`);
          }
        }
        for (const path of taken) {
          assert.ok(!my.has(slashed(path)), 'taken although I changed it');
        }
      }),
      { numRuns: 3000 },
    );
  });

  const rule: MergeRule = {
    at: (key) =>
      key === 'set' ? { anyOrder: true } : key === 'whole' ? { whole: true } : { identity: ['alias'] },
  };
  const item = (alias: string): JsonObject => ({ alias, regex: alias });
  const [a, b, c, d] = [item('a'), item('b'), item('c'), item('d')];
  const changed = (item: JsonObject, regex: string): JsonObject => ({ ...item, regex });
  const cases: [
    name: string,
    base: JsonObject,
    mine: JsonObject,
    theirs: JsonObject,
    merged: JsonObject,
    conflicts?: string[],
    taken?: string[],
  ][] = [
    [
      'different items',
      { l: [a, b] },
      { l: [changed(a, '1'), b] },
      { l: [a, changed(b, '2')] },
      { l: [changed(a, '1'), changed(b, '2')] },
      [],
      ['l["b"].regex'],
    ],
    [
      'different keys of one item',
      { l: [{ ...a, order: 1 }] },
      { l: [{ ...a, order: 2 }] },
      { l: [{ ...changed(a, 'x'), order: 1 }] },
      { l: [{ ...changed(a, 'x'), order: 2 }] },
      [],
      ['l["a"].regex'],
    ],
    [
      'the same key of one item',
      { l: [a] },
      { l: [changed(a, '1')] },
      { l: [changed(a, '2')] },
      { l: [changed(a, '1')] },
      ['l["a"].regex'],
    ],
    [
      'items that each side inserted in a different place',
      { l: [a, b] },
      { l: [c, a, b] },
      { l: [a, b, d] },
      { l: [c, a, b, d] },
      [],
      ['l["d"]'],
    ],
    [
      'items that both sides inserted in the same place: their order is unknown',
      { l: [a] },
      { l: [a, b] },
      { l: [a, c] },
      { l: [a, b] },
      ['l'],
    ],
    ['the same item, inserted by both sides', { l: [a] }, { l: [a, b] }, { l: [a, b] }, { l: [a, b] }],
    [
      'an item that both sides inserted, among others of theirs',
      { l: [a] },
      { l: [a, d] },
      { l: [a, c, d] },
      { l: [a, c, d] },
      [],
      ['l["c"]'],
    ],
    [
      'an item removed next to one that changed',
      { l: [a, b] },
      { l: [b] },
      { l: [a, changed(b, '2')] },
      { l: [changed(b, '2')] },
      [],
      ['l["b"].regex'],
    ],
    [
      'an item that one side removed and the other changed',
      { l: [a, b] },
      { l: [b] },
      { l: [changed(a, '1'), b] },
      { l: [b] },
      ['l["a"]'],
    ],
    [
      'an item that one side changed and the other removed',
      { l: [a, b] },
      { l: [changed(a, '1'), b] },
      { l: [b] },
      { l: [changed(a, '1'), b] },
      ['l["a"]'],
    ],
    [
      'a different order and a changed item',
      { l: [a, b, c] },
      { l: [c, a, b] },
      { l: [a, changed(b, '2'), c] },
      { l: [c, a, changed(b, '2')] },
      [],
      ['l["b"].regex'],
    ],
    ['two different orders', { l: [a, b, c] }, { l: [c, a, b] }, { l: [b, a, c] }, { l: [c, a, b] }, ['l']],
    [
      'a different order and an item inserted where nothing moved',
      { l: [a, b, c] },
      { l: [b, a, c] },
      { l: [a, b, c, d] },
      { l: [b, a, c, d] },
      [],
      ['l["d"]'],
    ],
    [
      'a different order and an item inserted between moved ones',
      { l: [a, b, c] },
      { l: [b, a, c] },
      { l: [a, d, b, c] },
      { l: [b, a, c] },
      ['l'],
    ],
    [
      'items, two of which have the same name',
      { l: [a, a] },
      { l: [changed(a, '1'), a] },
      { l: [a, changed(a, '2')] },
      { l: [changed(a, '1'), a] },
      ['l'],
    ],
    [
      "items, one of which isn't an object",
      { l: [a, 'x'] },
      { l: [changed(a, '1'), 'x'] },
      { l: [a, 'y'] },
      { l: [changed(a, '1'), 'x'] },
      ['l'],
    ],
    [
      'arrays of scalars, whose order may matter',
      { l: ['a'] },
      { l: ['a', 'b'] },
      { l: ['c', 'a'] },
      { l: ['a', 'b'] },
      ['l'],
    ],
    [
      'sets',
      { set: ['a', 'b'] },
      { set: ['a', 'b', 'c'] },
      { set: ['b', 'd'] },
      { set: ['b', 'd', 'c'] },
      [],
      ['set'],
    ],
    [
      '9.A: sets of which each side kept one item, and no item was kept by both',
      { set: ['a', 'b'] },
      { set: ['a'] },
      { set: ['b'] },
      { set: ['a'] },
      ['set'],
      [],
    ],
    [
      '9.A: sets that would only have an empty item left',
      { set: ['a', 'b'] },
      { set: ['a', ' '] },
      { set: ['b'] },
      { set: ['a', ' '] },
      ['set'],
      [],
    ],
    [
      '9.A: items of which each side kept one, and no item was kept by both',
      { l: [a, b], n: 1 },
      { l: [a], n: 1 },
      { l: [b], n: 2 },
      { l: [a], n: 2 },
      ['l'],
      ['n'],
    ],
    [
      '9.A: sets that one side emptied',
      { set: ['a', 'b'] },
      { set: ['a'] },
      { set: [] },
      { set: [] },
      [],
      ['set'],
    ],
    ['9.A: items that one side emptied', { l: [a, b] }, { l: [] }, { l: [b] }, { l: [] }],
    [
      'items in any order that both sides inserted in the same place: first theirs, then mine',
      { set: [a] },
      { set: [a, b] },
      { set: [a, c] },
      { set: [a, c, b] },
      [],
      ['set["c"]'],
    ],
    [
      "sets of objects that can't be matched with each other",
      { set: [{ x: 1 }] },
      { set: [{ x: 2 }] },
      { set: [{ x: 3 }] },
      { set: [{ x: 2 }] },
      ['set'],
    ],
    [
      'an object whose parts only make sense together',
      { whole: { id: 1, key: 'a' } },
      { whole: { id: 2, key: 'a' } },
      { whole: { id: 1, key: 'b' } },
      { whole: { id: 2, key: 'a' } },
      ['whole'],
    ],
    ['objects where there were none', { o: null }, { o: { a: 1 } }, { o: { b: 1 } }, { o: { a: 1, b: 1 } }],
    [
      'an object removed next to one that changed',
      { o: { p: { a: 1 }, q: 1 } },
      { o: { q: 1 } },
      { o: { p: { a: 2 }, q: 2 } },
      { o: { q: 2 } },
      ['o.p'],
      ['o.q'],
    ],
    ['null and a missing value, which differ', { a: 1 }, { a: null }, {}, { a: null }, ['a']],
    ['what both sides removed', { a: 1, b: 1 }, { b: 1 }, { b: 2 }, { b: 2 }, [], ['b']],
  ];
  for (const [name, base, mine, theirs, merged, conflicts = [], taken] of cases) {
    it(`11.1: merges ${name}`, () => {
      const result = merge({ base, mine, theirs }, rule);
      assert.deepEqual(result.merged, merged);
      assert.deepEqual(conflictsOf(result), conflicts);
      if (taken) {
        assert.deepEqual(takenOf(result), taken);
      }
    });
  }

  it('11.1: keeps every item of both sides once, in an order that contradicts neither side', () => {
    fc.assert(
      fc.property(itemLists, itemLists, itemLists, (base, mine, theirs) => {
        const { merged, conflicts } = merge({ base: { l: base }, mine: { l: mine }, theirs: { l: theirs } });
        fc.pre(conflicts.length === 0);
        // Only what a side wants empty becomes empty.
        assert.ok(JSON.stringify(merged.l) !== '[]' || mine.length === 0 || theirs.length === 0);
        const idsOf = (list: JsonValue | undefined): JsonValue[] =>
          Array.isArray(list) ? list.map((item) => (isJsonObject(item) ? (item.id ?? null) : null)) : [];
        const [was, my, their, all] = [base, mine, theirs, merged.l].map(idsOf) as [
          JsonValue[],
          JsonValue[],
          JsonValue[],
          JsonValue[],
        ];
        const wanted = [...my, ...their].filter(
          (id) => (my.includes(id) && their.includes(id)) || !was.includes(id),
        );
        assert.deepEqual(new Set(all), new Set(wanted));
        assert.equal(all.length, new Set(all).size);
        // If the sides agree, or only one of them moved something, the result follows it.
        for (const first of all) {
          for (const second of all) {
            const isBefore = (ids: JsonValue[]): boolean => ids.indexOf(first) < ids.indexOf(second);
            const has = (ids: JsonValue[]): boolean => ids.includes(first) && ids.includes(second);
            if (first !== second && has(my) && has(their) && isBefore(my) === isBefore(their)) {
              assert.equal(isBefore(all), isBefore(my));
            }
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('11.1: numbers are compared digit by digit', () => {
    const read = (text: string): JsonObject => parseJson(text) as JsonObject;
    const base = read(
      '{"a": 9007199254740993, "l": [{"id": 9007199254740993, "x": 1}, {"id": 9007199254740992, "x": 1}]}',
    );
    const mine = read(
      '{"a": 9007199254740992, "l": [{"id": 9007199254740993, "x": 2}, {"id": 9007199254740992, "x": 1}]}',
    );
    const theirs = read(
      '{"a": 9007199254740994, "l": [{"id": 9007199254740993, "x": 1}, {"id": 9007199254740992, "x": 3}]}',
    );
    const result = merge({ base, mine, theirs });
    assert.deepEqual(conflictsOf(result), ['a']);
    assert.equal(
      JSON.stringify(result.merged),
      '{"a":9007199254740992,"l":[{"id":9007199254740993,"x":2},{"id":9007199254740992,"x":3}]}',
    );
    assert.deepEqual(takenOf(result), ['l[9007199254740992].x']);
  });

  it('11.1: survives any document: __proto__, names of methods, duplicate keys, any depth', () => {
    const read = (text: string): JsonObject => parseJson(text) as JsonObject;
    const base = read('{"__proto__": {"a": 1}, "constructor": 1, "x": 1, "x": 2}');
    const mine = read('{"__proto__": {"a": 1, "b": 2}, "constructor": {"prototype": {"c": 1}}, "x": 2}');
    const theirs = read('{"__proto__": {"a": 3}, "constructor": 1, "x": 2, "hasOwnProperty": null}');
    const { merged, conflicts } = merge({ base, mine, theirs });
    assert.deepEqual(conflicts, []);
    assert.equal(
      JSON.stringify(merged),
      '{"__proto__":{"a":3,"b":2},"constructor":{"prototype":{"c":1}},"x":2,"hasOwnProperty":null}',
    );
    assert.equal(Object.getPrototypeOf(merged), Object.prototype);
    assert.equal(({} as JsonObject).b, undefined);
  });

  /** An object that contains others or arrays, nested this deep, with a value at the end. */
  const nested = (depth: number, end: string, [open, close]: readonly [string, string]): JsonObject =>
    parseJson(`{"o": ${open.repeat(depth)}${end}${close.repeat(depth)}}`) as JsonObject;
  const nestings = [
    ['{"o":', '}'],
    ['[', ']'],
    ['[{"id":1,"o":', '}]'],
  ] as const;

  it('11.1: merges documents nested ten times deeper than any that is accepted', () => {
    for (const nesting of nestings) {
      // Merging every level of the last would need more stack than there is. The first two need less for each level.
      for (const depth of [10, 150, 2000]) {
        const [base, mine, theirs] = [nested(depth, '1', nesting), nested(depth, '2', nesting), {}];
        const other = nested(depth, '3', nesting);
        assert.equal(merge({ base, mine, theirs: other }).conflicts.length, 1);
        assert.ok(jsonEquals(merge({ base, mine: base, theirs: other }).merged, other));
        assert.ok(jsonEquals(merge({ base, mine, theirs: base }).merged, mine));
        assert.equal(merge({ base, mine, theirs }).conflicts.length, 1);
        assert.equal(merge({ base: { o: 1 }, mine, theirs: other }).conflicts.length, 1);
      }
      for (const depth of [10_000, 100_000]) {
        const deep = nested(depth, '1', nesting);
        const [shallow, other] = [{ o: 1 }, { o: 1, x: 2 }];
        assert.equal(merge({ base: shallow, mine: deep, theirs: other }).merged.o, deep.o);
        assert.equal(merge({ base: shallow, mine: other, theirs: deep }).merged.o, deep.o);
      }
    }
  });

  it('11.1: anything nested more than 200 levels deep counts as one value: in conflicts, when choosing a side, and in the result', () => {
    for (const nesting of nestings) {
      const [base, mine, theirs] = ['1', '{"a":1}', '{"b":1}'].map((end) => nested(300, end, nesting)) as [
        JsonObject,
        JsonObject,
        JsonObject,
      ];
      const { conflicts } = merge({ base, mine, theirs });
      assert.equal(conflicts.length, 1);
      assert.ok((conflicts[0]?.path.length ?? 0) <= 200);
      const { taken } = merge({ base, mine: base, theirs });
      assert.equal(taken.length, 1);
      assert.ok((taken[0]?.length ?? 0) <= 200);
      const path = conflicts[0]?.path ?? [];
      assert.ok(jsonEquals(merge({ base, mine, theirs }, {}, [{ path, use: 'theirs' }]).merged, theirs));
    }
    // Just below the limit, both sides' changes are still merged key by key.
    const [base, mine, theirs] = ['{}', '{"a":1}', '{"b":1}'].map((end) =>
      nested(198, end, ['{"o":', '}']),
    ) as [JsonObject, JsonObject, JsonObject];
    assert.deepEqual(merge({ base, mine, theirs }).conflicts, []);
  });

  it('11.1: answers resolve conflicts: mine, theirs or another value, each or all', () => {
    const base = { a: 1, o: { x: 1, y: 1 }, l: [a, b] };
    const mine = { a: 2, o: { x: 2 }, l: [changed(a, 'mine'), b] };
    const theirs = { a: 3, o: { x: 3, y: 3 }, l: [b], n: 1 };
    const open = merge({ base, mine, theirs }, rule);
    assert.deepEqual(conflictsOf(open), ['a', 'o.x', 'o.y', 'l["a"]']);
    const all = (use: 'mine' | 'theirs') => open.conflicts.map(({ path }) => ({ path, use }));
    const ours = merge({ base, mine, theirs }, rule, all('mine'));
    assert.deepEqual([ours.merged, ours.conflicts], [{ ...mine, n: 1 }, []]);
    const others = merge({ base, mine, theirs }, rule, all('theirs'));
    assert.deepEqual([others.merged, others.conflicts], [theirs, []]);
    const [first, second, third] = open.conflicts.map(({ path }) => path) as [
      MergePath,
      MergePath,
      MergePath,
    ];
    const some = merge({ base, mine, theirs }, rule, [
      { path: first, use: { value: 9 } },
      { path: second, use: 'theirs' },
      { path: third, use: { value: undefined } },
    ]);
    assert.deepEqual(some.merged, { a: 9, o: { x: 3 }, l: [changed(a, 'mine'), b], n: 1 });
    assert.deepEqual(conflictsOf(some), ['l["a"]']);
  });

  it('11.1: answers to all conflicts leave none, or only new ones', () => {
    fc.assert(
      fc.property(
        triples,
        fc.infiniteStream(fc.constantFrom('mine' as const, 'theirs' as const)),
        ([base, mine, theirs], uses) => {
          const answers: { path: MergePath; use: 'mine' | 'theirs' }[] = [];
          for (let round = 0; ; round += 1) {
            assert.ok(round < 10, 'too many questions');
            const { conflicts, merged } = merge({ base, mine, theirs }, {}, answers);
            if (conflicts.length === 0) {
              assert.ok(isJsonObject(merged));
              break;
            }
            for (const { path } of conflicts) {
              assert.ok(
                !answers.some((one) => JSON.stringify(one.path) === JSON.stringify(path)),
                'asked twice',
              );
              answers.push({ path, use: next(uses) });
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("11.1: a path leads to its place in each version, even if an item's index differs", () => {
    const path: MergePath = ['l', { key: 'alias', is: 'b' }, 'regex'];
    assert.deepEqual(pathIn({ l: [a, b] }, path), { path: ['l', 1, 'regex'], found: true });
    assert.deepEqual(pathIn({ l: [b] }, path), { path: ['l', 0, 'regex'], found: true });
    assert.deepEqual(pathIn({ l: [{ alias: 'b' }] }, path), { path: ['l', 0], found: false });
    assert.deepEqual(pathIn({ l: [a] }, path), { path: ['l'], found: false });
    assert.deepEqual(pathIn({ l: { alias: 'b' } }, path), { path: ['l'], found: false });
    assert.equal(pathText(path), 'l["b"].regex');
  });
});
