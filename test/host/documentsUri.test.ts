import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as vscode from 'vscode';
import type { PlaceNames } from '../../src/documents/uris/addresses';
import {
  documentUri,
  namedDocumentUri,
  parseDocumentUri,
  targetKey,
  viewUri,
  type DocumentTarget,
  type DocumentView,
} from '../../src/documents/uris/uri';
import { documentText, type KnownNames } from '../../src/documents/uris/documentText';
import { draftUri, parseDraftUri, type DraftTarget } from '../../src/documents/uris/draftUri';
import { parseReportUri, reportUri } from '../../src/reports/reportUri';

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
const views = fc.constantFrom<DocumentView[]>('edit', 'proposal', 'theirs', 'response');

const hosts = fc.constantFrom('us.posthog.com', 'localhost:8010', '127.0.0.1:36111', 'sandbox');
const places: fc.Arbitrary<PlaceNames> = fc.record({
  host: hosts,
  connection: names,
  organization: fc.option(names, { nil: undefined }),
  environment: names,
});
const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i;

describe('document addresses', () => {
  it('4: that are shown have names and no UUID, and can be parsed', () => {
    fc.assert(
      fc.property(targets, views, places, (target, view, place) => {
        const uri = namedDocumentUri(target, view, place);
        assert.doesNotMatch(uri.toString(true), uuid);
        for (const again of [vscode.Uri.parse(uri.toString()), vscode.Uri.from(uri.toJSON() as vscode.Uri)]) {
          const parsed = parseDocumentUri(again);
          assert.ok(parsed, uri.toString());
          assert.equal(targetKey(parsed.target), targetKey(target));
          assert.equal(parsed.view, view);
          assert.deepEqual(parsed.target.environment, target.environment);
          assert.equal(viewUri(again, view).toString(), uri.toString());
          assert.equal(viewUri(viewUri(again, 'theirs'), view).toString(), uri.toString());
        }
      }),
      { numRuns: 500 },
    );
    const uri = namedDocumentUri(
      {
        kind: 'table',
        connectionId: '018f2d44-6f2c-7d11-9b7e-0242ac120002',
        environment: { id: 1203, projectId: 1203 },
        tableId: '018f2d44-6f2c-7d11-9b7e-0242ac120003',
        name: 'orders',
      },
      'edit',
      { host: 'eu.posthog.com', connection: 'EU Cloud', organization: 'Acme', environment: 'Production' },
    );
    assert.equal(
      `${uri.authority}${uri.path}`,
      'eu.posthog.com/EU Cloud/Acme/Production/orders.posthog-table.json',
    );
  });

  it('4: from older tabs still open', () => {
    const id = '018f2d44-6f2c-7d11-9b7e-0242ac120002';
    const settings = parseDocumentUri(
      vscode.Uri.parse(`posthog-env://${id}/12.1203/settings/Production.posthog-settings.json?view%3Dtheirs`),
    );
    assert.deepEqual(settings, {
      target: {
        kind: 'settings',
        connectionId: id,
        environment: { id: 1203, projectId: 12 },
        name: 'Production',
      },
      view: 'theirs',
    });
    const draft = parseDraftUri(
      vscode.Uri.parse(`posthog-env://${id}/new/${id}.12/1700000000000/New.posthog-new.json`),
    );
    assert.deepEqual(draft, {
      kind: 'new',
      connectionId: id,
      organizationId: id,
      projectId: 12,
      createdAtMs: 1_700_000_000_000,
      name: 'New',
    });
  });

  it('4: from older tabs are described with everything known about their place', () => {
    const connectionId = 'one';
    const environment = { id: 1203, projectId: 1203 };
    const table = { kind: 'table', connectionId, environment, tableId: 'two', name: 'orders' } as const;
    const known: KnownNames = {
      connections: { get: () => ({ label: 'Work' }) },
      directory: { known: () => [], organizationSeen: () => undefined },
      marks: { nameOf: () => 'Production' },
    };
    const settings = { kind: 'settings', connectionId, environment, name: 'Production' } as const;
    assert.equal(documentText(documentUri(table), known), 'orders · Production · Work');
    assert.equal(documentText(documentUri(settings), known), 'Production · Work');
    const names = { host: 'sandbox', connection: 'Work', organization: 'Shop', environment: 'Production' };
    const named = namedDocumentUri(table, 'edit', names);
    assert.equal(documentText(named, known), 'orders · Production · Shop · Work');
  });

  it('4: of reports have the organization, and keep it', () => {
    const place = {
      connectionId: 'one',
      environment: { id: 1203, projectId: 1203 },
      environmentName: 'Production',
      organization: 'Shop',
      tableId: 'two',
      name: 'orders',
    };
    const uri = reportUri({ kind: 'rows', place }, () => 'Work');
    assert.equal(uri.path, '/Work/Shop/Production/orders.posthog-rows.txt');
    assert.deepEqual(parseReportUri(vscode.Uri.parse(uri.toString())), { kind: 'rows', place });
    const { organization, ...before } = place;
    const older = reportUri({ kind: 'rows', place: before }, () => 'Work');
    assert.equal(older.path, '/Work/Production/orders.posthog-rows.txt', `without ${organization}`);
  });

  it('contain everything needed to reopen the document, even after VS Code has serialized them', () => {
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
          // Parsing again changes nothing, so each document has one address.
          assert.equal(documentUri(parsed.target, view).toString(), uri.toString());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('distinguish their targets, whatever their names', () => {
    fc.assert(
      fc.property(targets, targets, (left, right) => {
        if (targetKey(left) !== targetKey(right)) {
          assert.notEqual(documentUri(left).toString(), documentUri(right).toString());
        }
      }),
    );
  });

  it('from other extensions, empty, or invalid are rejected', () => {
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

  it('for drafts can be parsed', () => {
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
      fc.property(drafts, places, (draft, place) => {
        const shown = { ...place, environment: undefined };
        const uri = vscode.Uri.parse(draftUri(draft, shown).toString());
        assert.doesNotMatch(uri.toString(true), uuid);
        const parsed = parseDraftUri(uri);
        assert.ok(parsed, uri.toString());
        assert.deepEqual({ ...parsed, name: '' }, { ...draft, name: '' });
        assert.equal(draftUri(parsed, shown).toString(), uri.toString());
        assert.equal(parseDocumentUri(uri), undefined);
      }),
      { numRuns: 300 },
    );
  });
});
