import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pathsOfUrls, readPath } from '../../../src/webVitals/paths';

describe('web vitals: paths', () => {
  const cases: [string, string, RegExp?][] = [
    ['/pricing', '/pricing'],
    ['  /pricing ', '/pricing'],
    ['pricing', '/pricing', /leading slash/],
    ['https://app.example.com/pricing?plan=a#top', '/pricing', /path of the address.*without query/],
    ['https://app.example.com', '/', /path of the address/],
    ['/pricing?plan=a', '/pricing', /without query and fragment/],
    ['/products/<id>', '/products/<id>'],
    ['/%C3%BCber', '/%C3%BCber'],
    ['//double', '//double'],
  ];
  for (const [typed, path, note] of cases) {
    it(`reads ${typed} as ${path}`, () => {
      const read = readPath(typed);
      assert.ok(read.ok);
      assert.equal(read.path, path);
      if (note) {
        assert.match(read.note ?? '', note);
      } else {
        assert.equal(read.note, undefined);
      }
    });
  }

  it('explains an empty text', () => {
    assert.deepEqual(readPath(' '), { ok: false, problem: 'Enter the path of a page, such as /pricing.' });
  });

  it('reads every resulting path as itself', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const first = readPath(typed);
        if (first.ok) {
          const again = readPath(first.path);
          assert.deepEqual(again, { ok: true, path: first.path.trim() });
        }
      }),
    );
  });

  it("returns the distinct paths of the environment's URLs, without wildcards", () => {
    assert.deepEqual(
      pathsOfUrls([
        'https://a.example.com',
        'https://b.example.com/',
        'https://a.example.com/shop/',
        'https://*.example.com/docs',
        'https://a.example.com/*',
        'no address',
        7,
      ]),
      ['/', '/shop/', '/docs'],
    );
    assert.deepEqual(pathsOfUrls(null), []);
  });
});
