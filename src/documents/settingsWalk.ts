import * as vscode from 'vscode';
import { isSandbox } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { outlineOf, type OutlineEntry } from '../json/outline';
import { asText } from '../json/visibleText';
import { groupSections, valueHints, type GroupSection } from '../settings/walk';
import { commandOf } from '../ui/commandIds';
import type { Documents } from './documents';
import { rangeOf } from './spans';
import { scheme } from './scheme';

/** Settings documents and drafts; not the whole answer of the server, which has an order of its own. */
const selector: vscode.DocumentSelector = [
  { scheme, pattern: '**/*.posthog-settings.json' },
  { scheme, pattern: '**/*.posthog-new.json' },
];

/** Makes a settings document of hundreds of lines easy to walk: headings and folding by group, meanings of values. */
export class SettingsWalk
  implements
    vscode.CodeLensProvider,
    vscode.FoldingRangeProvider,
    vscode.InlayHintsProvider,
    vscode.Disposable
{
  private readonly registrations: vscode.Disposable;
  /** The outline of each document's present text. */
  private readonly outlines = new WeakMap<
    vscode.TextDocument,
    { version: number; entries: readonly OutlineEntry[] }
  >();

  constructor(
    private readonly documents: Documents,
    private readonly connections: Connections,
  ) {
    this.registrations = vscode.Disposable.from(
      vscode.languages.registerCodeLensProvider(selector, this),
      vscode.languages.registerFoldingRangeProvider(selector, this),
      vscode.languages.registerInlayHintsProvider(selector, this),
    );
  }

  dispose(): void {
    this.registrations.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const target = this.documents.peek(document.uri)?.target;
    const connection =
      target && target.kind !== 'new' ? this.connections.get(target.connectionId) : undefined;
    const hasPage = connection !== undefined && !isSandbox(connection);
    return this.sections(document).flatMap(({ group, governs, entries }) => {
      const range = rangeOf(document, entries[0]?.name ?? { offset: 0, length: 0 });
      const heading = new vscode.CodeLens(range, {
        title: asText(`${group.title}: ${governs}`),
        command: '',
      });
      return hasPage
        ? [heading, new vscode.CodeLens(range, commandOf('openInPostHog', 'Open in PostHog', document.uri))]
        : [heading];
    });
  }

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    return this.sections(document).flatMap(({ span }) => {
      const { start, end } = rangeOf(document, span);
      return end.line > start.line
        ? [new vscode.FoldingRange(start.line, end.line, vscode.FoldingRangeKind.Region)]
        : [];
    });
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    return valueHints(this.outline(document))
      .filter(({ offset }) => offset >= from && offset <= to)
      .map(({ offset, text }) => {
        const hint = new vscode.InlayHint(document.positionAt(offset), asText(text));
        hint.paddingLeft = true;
        return hint;
      });
  }

  private sections(document: vscode.TextDocument): readonly GroupSection[] {
    return groupSections(this.outline(document));
  }

  private outline(document: vscode.TextDocument): readonly OutlineEntry[] {
    const known = this.outlines.get(document);
    if (known?.version === document.version) {
      return known.entries;
    }
    const entries = outlineOf(document.getText());
    this.outlines.set(document, { version: document.version, entries });
    return entries;
  }
}
