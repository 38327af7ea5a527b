import * as vscode from 'vscode';
import { openedDocument } from './showDocument';

/**
 * Shows what a tab shows under other addresses, in its place: same column, pinned or preview as before, same selection and
 * scroll position. The focus stays where it is. A tab in which someone typed meanwhile stays, and the new one goes.
 *
 * @throws Error if it can't be shown
 */
export async function asSameTab(before: vscode.Tab, to: (uri: vscode.Uri) => vscode.Uri): Promise<void> {
  const { input, isPreview, isPinned, label } = before;
  const { viewColumn } = before.group;
  const { tabGroups } = vscode.window;
  const activeBefore = tabGroups.activeTabGroup;
  if (!(input instanceof vscode.TabInputText) && !(input instanceof vscode.TabInputTextDiff)) {
    return;
  }
  const shown = input instanceof vscode.TabInputText ? input.uri : input.modified;
  const next = to(shown);
  const editor = editorOf(shown, viewColumn);
  const [visible] = editor?.visibleRanges ?? [];
  const isActive = before.group.isActive;
  const replacement =
    input instanceof vscode.TabInputText
      ? new vscode.TabInputText(next)
      : new vscode.TabInputTextDiff(to(input.original), next);
  const wasThere = tabIn(viewColumn, replacement) !== undefined;
  const show = async (one: typeof to, options: vscode.TextDocumentShowOptions): Promise<void> => {
    const all = { viewColumn, preserveFocus: true, ...options };
    await (input instanceof vscode.TabInputText
      ? vscode.commands.executeCommand('vscode.open', one(shown), all)
      : vscode.commands.executeCommand('vscode.diff', one(input.original), one(shown), label, all));
  };
  if (isActive && isPreview) {
    // Otherwise, the new tab would close it, and lose the focus.
    await vscode.commands.executeCommand('workbench.action.keepEditor');
  }
  await show(to, { preview: isPreview, ...(editor && { selection: editor.selection }) });
  // Rejects if the document couldn't be loaded, and resolves once its editor is known.
  await openedDocument(next);
  // It may take a while, and someone may have gone to another tab.
  if (isPinned && isSame(tabGroups.activeTabGroup.activeTab?.input, replacement)) {
    await vscode.commands.executeCommand('workbench.action.pinEditor');
  }
  await activate(activeBefore, viewColumn);
  // Looked up again: older versions of VS Code replace the tab object when another tab opens beside it.
  if (tabIn(viewColumn, input)?.isDirty) {
    const added = wasThere ? undefined : tabIn(viewColumn, replacement);
    if (added && !added.isDirty) {
      await tabGroups.close(added);
    }
    return;
  }
  if (isActive) {
    // An editor that shows another document loses the focus. When VS Code closes the tab in front, it gives the focus to
    // the next one, unless the focus is somewhere else, and only VS Code knows that.
    await show((uri) => uri, { preview: false });
  }
  const left = tabIn(viewColumn, input);
  if (left) {
    await tabGroups.close(left, !isActive);
  }
  if (visible) {
    editorOf(next, viewColumn)?.revealRange(visible, vscode.TextEditorRevealType.AtTop);
  }
}

/** Whether another group than a tab's own would stay the active one if it was replaced. */
export const canReplace = ({ group }: vscode.Tab): boolean =>
  group.isActive || vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText;

/** VS Code activates a group when something is shown in it, even without the focus. */
async function activate(group: vscode.TabGroup, shownIn: vscode.ViewColumn): Promise<void> {
  const { activeTab, viewColumn } = group;
  if (viewColumn !== shownIn && activeTab?.input instanceof vscode.TabInputText) {
    const options = { viewColumn, preview: activeTab.isPreview, preserveFocus: true };
    await vscode.commands.executeCommand('vscode.open', activeTab.input.uri, options);
  }
}

/** The editor that shows a document in a group. Those in a diff don't say in which one they are. */
const editorOf = (uri: vscode.Uri, column: vscode.ViewColumn): vscode.TextEditor | undefined =>
  vscode.window.visibleTextEditors.find(
    ({ document, viewColumn }) =>
      document.uri.toString() === uri.toString() && (viewColumn ?? column) === column,
  );

type ShownInput = vscode.TabInputText | vscode.TabInputTextDiff;

/** The tab of a group with the same texts. */
const tabIn = (column: vscode.ViewColumn, input: ShownInput): vscode.Tab | undefined =>
  vscode.window.tabGroups.all
    .find(({ viewColumn }) => viewColumn === column)
    ?.tabs.find((tab) => isSame(tab.input, input));

/** Whether a tab shows the same texts. */
function isSame(other: unknown, input: ShownInput): boolean {
  return input instanceof vscode.TabInputText
    ? other instanceof vscode.TabInputText && other.uri.toString() === input.uri.toString()
    : other instanceof vscode.TabInputTextDiff &&
        other.original.toString() === input.original.toString() &&
        other.modified.toString() === input.modified.toString();
}
