import * as vscode from 'vscode';
import { editOf } from '../documents/checks/fixEdits';
import { openDocument } from '../documents/showDocument';
import { parseDocument, type JsonPath } from '../json/parse';
import { longListAt } from '../settings/fixes';
import { placeTitle } from './placeNames';
import type { Command } from './command';
import { picked } from './targets';

/** Picks one of the values that are allowed at a place in a document. */
export const chooseValue: Command = {
  async run(services, target) {
    const { prompts } = services;
    const place = placeIn(target);
    const document = place && openDocument(place.uri);
    const mine = document && parseDocument(document.getText());
    const values = place && mine?.ok ? longListAt(place.path, mine.value) : undefined;
    if (!place || !document || !values) {
      return;
    }
    const name = place.path.map(String).join('.');
    const value = picked(
      await prompts.pick(
        values.map((one) => ({ label: typeof one === 'string' ? one : JSON.stringify(one), value: one })),
        { title: placeTitle(services, document.uri), placeHolder: `Value of ${name}` },
      ),
    );
    const edit = editOf(document, [{ kind: 'set', path: place.path, value }]);
    if (edit) {
      await vscode.workspace.applyEdit(edit);
    }
  },
};

function placeIn(target: unknown): { uri: vscode.Uri; path: JsonPath } | undefined {
  if (typeof target !== 'object' || target === null || !('uri' in target) || !('path' in target)) {
    return undefined;
  }
  const { uri, path } = target;
  const isPath = (keys: unknown): keys is JsonPath =>
    Array.isArray(keys) && keys.every((key) => typeof key === 'string' || typeof key === 'number');
  return uri instanceof vscode.Uri && isPath(path) ? { uri, path } : undefined;
}
