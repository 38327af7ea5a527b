import * as vscode from 'vscode';
import { asText } from '../json/visibleText';
import { settingsFileName } from '../operations/settingsFile/fileNames';
import { keySymbol, settingsFileSymbols, settingsSymbols, type WalkSymbol } from '../settings/walk';
import { outlineIn } from './outlines';
import { rangeOf } from './spans';

const { Namespace, Property, Field, Struct } = vscode.SymbolKind;
/** None of these is among the kinds of VS Code's own JSON symbols, which the manifest hides for these documents. */
const kinds = { group: Namespace, setting: Property, key: Field, item: Struct } as const;

/** Groups and titles for the outline, the breadcrumb, and *Go to Symbol*. */
export class JsonSymbols implements vscode.DocumentSymbolProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  /**
   * Every document of the language needs them, because the manifest hides those of VS Code.
   *
   * @param isOurs whether it's the turn of this one among several providers
   */
  constructor(
    filter: Pick<vscode.DocumentFilter, 'scheme' | 'pattern'>,
    private readonly isOurs: (uri: vscode.Uri) => boolean = () => true,
  ) {
    this.registration = vscode.languages.registerDocumentSymbolProvider(
      { ...filter, language: 'posthog-json' },
      this,
      { label: 'PostHog' },
    );
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return this.isOurs(document.uri) ? symbolsOf(document).map((one) => symbol(document, one)) : [];
  }

  dispose(): void {
    this.registration.dispose();
  }
}

function symbolsOf(document: vscode.TextDocument): readonly WalkSymbol[] {
  const entries = outlineIn(document);
  const { path } = document.uri;
  if (/\.posthog-(settings|new)\.json$/.test(path)) {
    return settingsSymbols(entries);
  }
  return path.endsWith(`/${settingsFileName}`) ? settingsFileSymbols(entries) : entries.map(keySymbol);
}

function symbol(document: vscode.TextDocument, walked: WalkSymbol): vscode.DocumentSymbol {
  const { name, detail, kind, whole, selected, children } = walked;
  const result = new vscode.DocumentSymbol(
    asText(name),
    asText(detail),
    kinds[kind],
    rangeOf(document, whole),
    rangeOf(document, selected),
  );
  result.children = children.map((child) => symbol(document, child));
  return result;
}
