import * as vscode from 'vscode';
import { isSandbox } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import { webPageUrl } from '../../posthog/webPages';
import { asText } from '../../json/visibleText';
import { sectionOfGroup } from '../../settings/catalogue';
import { groupFolds, groupSections, valueHints, type GroupSection } from '../../settings/walk';
import type { Documents } from '../documents';
import { inlayHints } from '../../ui/inlayHints';
import { outlineIn } from '../../ui/outlines';
import { rangeOf } from '../../ui/spans';
import { scheme } from '../uris/scheme';
import { lensTitle } from '../../ui/lensTitle';
import type { LensSource } from './documentLenses';

/** Settings documents and drafts, but not the full response, which has its own order. */
const selector: vscode.DocumentSelector = [
  { scheme, pattern: '**/*.posthog-settings.json' },
  { scheme, pattern: '**/*.posthog-new.json' },
];

/**
 * Makes settings documents of hundreds of lines easier to navigate: headings and folding by group, meanings of values.
 */
export class SettingsWalk
  implements LensSource, vscode.FoldingRangeProvider, vscode.InlayHintsProvider, vscode.Disposable
{
  private readonly registrations: vscode.Disposable;
  constructor(
    private readonly documents: Documents,
    private readonly connections: Connections,
  ) {
    this.registrations = vscode.Disposable.from(
      vscode.languages.registerFoldingRangeProvider(selector, this),
      vscode.languages.registerInlayHintsProvider(selector, this),
    );
  }

  dispose(): void {
    this.registrations.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (vscode.languages.match(selector, document) === 0) {
      return [];
    }
    const target = this.documents.peek(document.uri)?.target;
    const connection = target && this.connections.get(target.connectionId);
    const environment = target?.kind === 'settings' ? target.environment : undefined;
    return this.sections(document).flatMap(({ group, governs, entries }) => {
      const range = rangeOf(document, entries[0]?.name ?? { offset: 0, length: 0 });
      const heading = new vscode.CodeLens(range, {
        title: lensTitle(group.icon, asText(`${group.title}: ${governs}`)),
        command: '',
      });
      const section = sectionOfGroup(group.id);
      if (!connection || isSandbox(connection) || !environment || section === undefined) {
        return [heading];
      }
      const page = vscode.Uri.parse(webPageUrl(connection.origin, { section }, environment), true);
      const open = { title: 'Open in PostHog', command: 'vscode.open', arguments: [page] };
      return [heading, new vscode.CodeLens(range, open)];
    });
  }

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    return this.sections(document).flatMap(({ entries }) =>
      groupFolds(
        entries.map(({ whole }) => {
          const { start, end } = rangeOf(document, whole);
          return { start: start.line, end: end.line };
        }),
      ).map(({ start, end }) => new vscode.FoldingRange(start, end, vscode.FoldingRangeKind.Region)),
    );
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    return inlayHints(document, range, valueHints(outlineIn(document)));
  }

  private sections(document: vscode.TextDocument): readonly GroupSection[] {
    return groupSections(outlineIn(document));
  }
}
