import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as vscode from 'vscode';
import {
  documentUri,
  parseDocumentUri,
  targetKey,
  type DocumentTarget,
  type DocumentView,
} from '../../src/documents/uri';
import { draftUri, parseDraftUri, type DraftTarget } from '../../src/documents/draftUri';

const ids = fc.integer({ min: 1, max: 2 ** 31 });
const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', ' ', '..', '.', '/', 'a/b', 'x?view=theirs', '#', '%2F', 'COM1', 'ünï🦔', '$(lock)'),
);
const common = fc.record({
  connectionId: fc.uuid(),
  environment: fc.record({ id: ids, projectId: ids }, { noNullPrototype: true }),
  name: names,
});
const targets: fc.Arbitrary<DocumentTarget> = fc.oneof(
  common.map((one) => ({ kind: 'settings' as const, ...one })),
  fc.tuple(common, fc.uuid()).map(([one, tableId]) => ({ kind: 'table' as const, tableId, ...one })),
);
const views = fc.constantFrom<DocumentView[]>('edit', 'theirs', 'response');

describe('document addresses', () => {
  it('say all that is needed to open the document again, also after VS Code wrote them down', () => {
    fc.assert(
      fc.property(targets, views, (target, view) => {
        const uri = documentUri(target, view);
        for (const again of [
          uri,
          vscode.Uri.parse(uri.toString()),
          vscode.Uri.from(uri.toJSON() as vscode.Uri),
        ]) {
          const parsed = parseDocumentUri(again);
          assert.ok(parsed, uri.toString());
          assert.equal(targetKey(parsed.target), targetKey(target));
          assert.equal(parsed.view, view);
          assert.deepEqual(parsed.target.environment, target.environment);
          // A second trip changes nothing, so that one thing has one address.
          assert.equal(documentUri(parsed.target, view).toString(), uri.toString());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('tell what they are of apart, whatever it is called', () => {
    fc.assert(
      fc.property(targets, targets, (left, right) => {
        if (targetKey(left) !== targetKey(right)) {
          assert.notEqual(documentUri(left).toString(), documentUri(right).toString());
        }
      }),
    );
  });

  it('of other extensions, of nothing, and made up ones are not taken', () => {
    for (const text of [
      'file:///1203/settings/Production.posthog-settings.json',
      'posthog-env:/1203/settings/Production.posthog-settings.json',
      'posthog-env://one/settings/Production.posthog-settings.json',
      'posthog-env://one/1203/settings/Production.json',
      'posthog-env://one/1203/settings/a/Production.posthog-settings.json',
      'posthog-env://one/1203/tables/Production.posthog-table.json',
      'posthog-env://one/1e3/settings/Production.posthog-settings.json',
      'posthog-env://one/1203/settings/Production.posthog-settings.json?view=other',
      'posthog-env://one/..%2F..%2F1203/settings/Production.posthog-settings.json',
    ]) {
      assert.equal(parseDocumentUri(vscode.Uri.parse(text)), undefined, text);
    }
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const parsed = parseDocumentUri(
          vscode.Uri.from({ scheme: 'posthog-env', authority: 'one', path: `/${path}`, query }),
        );
        assert.ok(parsed === undefined || Number.isSafeInteger(parsed.target.environment.id));
      }),
    );
  });

  it('of drafts come back the same', () => {
    const drafts: fc.Arbitrary<DraftTarget> = fc
      .tuple(fc.uuid(), fc.uuid(), fc.option(ids, { nil: undefined }), fc.nat(), names)
      .map(([connectionId, organizationId, projectId, createdAtMs, name]) => ({
        kind: 'new' as const,
        connectionId,
        organizationId,
        ...(projectId !== undefined && { projectId }),
        createdAtMs,
        name,
      }));
    fc.assert(
      fc.property(drafts, (draft) => {
        const uri = vscode.Uri.parse(draftUri(draft).toString());
        const parsed = parseDraftUri(uri);
        assert.ok(parsed, uri.toString());
        assert.deepEqual({ ...parsed, name: '' }, { ...draft, name: '' });
        assert.equal(draftUri(parsed).toString(), uri.toString());
        assert.equal(parseDocumentUri(uri), undefined);
      }),
      { numRuns: 300 },
    );
  });
});
