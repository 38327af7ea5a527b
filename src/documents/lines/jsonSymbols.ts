import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { keySymbol, settingsSymbols, type WalkSymbol } from '../../settings/walk';
import { outlineIn } from './outlines';
import { rangeOf } from './spans';

const { Namespace, Property, Field, Struct } = vscode.SymbolKind;
/** None of these is among the kinds of VS Code's own JSON symbols, which the manifest hides for these documents. */
const kinds = { group: Namespace, setting: Property, key: Field, item: Struct } as const;

/** Groups and titles for the outline, the breadcrumb, and *Go to Symbol*. */
export class JsonSymbols implements vscode.DocumentSymbolProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(scheme: string) {
    this.registration = vscode.languages.registerDocumentSymbolProvider(
      { scheme, language: 'posthog-json' },
      this,
      { label: 'PostHog' },
    );
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const entries = outlineIn(document);
    const isSettings = /\.posthog-(settings|new)\.json$/.test(document.uri.path);
    const symbols = isSettings ? settingsSymbols(entries) : entries.map(keySymbol);
    return symbols.map((one) => symbol(document, one));
  }

  dispose(): void {
    this.registration.dispose();
  }
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
