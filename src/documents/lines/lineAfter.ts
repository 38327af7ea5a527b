/** A change to a text, as VS Code reports it. */
interface TextChange {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number };
  };
  readonly text: string;
}

/** Where a line is after a change to its document; `undefined` if its beginning was replaced. */
export function lineAfter(line: number, { range: { start, end }, text }: TextChange): number | undefined {
  if (line < start.line || (line === start.line && start.character > 0)) {
    return line;
  }
  const added = text.split('\n').length - 1;
  return line < end.line ? undefined : line + added - (end.line - start.line);
}
