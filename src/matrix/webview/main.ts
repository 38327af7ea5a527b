/**
 * The script of the page that compares environments. It shows what it receives, filters rows, supports arrow keys in
 * the table, and reports the user's actions. Everything else happens in the extension.
 */
import { showPage } from '../../ui/webview/page';

let filter = '';
/** The cell that the arrow keys start from. */
let current: { key: string; column: string } | undefined;

const post = showPage((content, html) => {
  const focused = focusKey(document.activeElement);
  content.innerHTML = html;
  const input = filterInput();
  if (input) {
    input.value = filter;
  }
  applyFilter();
  markCurrent();
  if (focused !== undefined) {
    content.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
  }
});

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement) {
    filter = target.value;
    applyFilter();
    markCurrent();
  }
});

document.addEventListener('click', ({ target }) => {
  const element = target instanceof Element ? target : undefined;
  const button = element?.closest<HTMLElement>('[data-action]');
  const cell = element?.closest<HTMLElement>('td[data-column]');
  const cellAction = element?.closest<HTMLElement>('[data-cell-action]')?.dataset.cellAction;
  if (button) {
    const { action, column } = button.dataset;
    post({
      type: 'action',
      action,
      ...(column !== undefined && { column: Number(column) }),
      keys: rows()
        .filter((row) => !row.hidden)
        .map((row) => row.dataset.key ?? ''),
    });
  } else if (cellAction !== undefined) {
    send(cellAction);
  } else if (cell) {
    cell.focus();
  }
});

document.addEventListener('dblclick', ({ target }) => {
  if (target instanceof Element && target.closest('td[data-column]')) {
    send('open');
  }
});

document.addEventListener('focusin', ({ target }) => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('td[data-column]') : null;
  const row = cell?.closest<HTMLElement>('tr');
  if (cell && row) {
    current = { key: row.dataset.key ?? '', column: cell.dataset.column ?? '' };
    markCurrent();
  }
});

document.addEventListener('keydown', (event) => {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('td[data-column]') : null;
  const row = cell?.closest<HTMLTableRowElement>('tr');
  if (!cell || !row || event.altKey || event.metaKey) {
    return;
  }
  const visible = rows().filter((one) => !one.hidden);
  const [y, x] = [visible.indexOf(row), cells(row).indexOf(cell)];
  const last = cells(row).length - 1;
  const page = 10;
  const to: Partial<Record<string, readonly [number, number]>> = event.ctrlKey
    ? { Home: [0, 0], End: [visible.length - 1, last] }
    : {
        ArrowUp: [y - 1, x],
        ArrowDown: [y + 1, x],
        ArrowLeft: [y, x - 1],
        ArrowRight: [y, x + 1],
        Home: [y, 0],
        End: [y, last],
        PageUp: [Math.max(0, y - page), x],
        PageDown: [Math.min(visible.length - 1, y + page), x],
      };
  const target = to[event.key];
  if (target) {
    event.preventDefault();
    const next = visible[target[0]];
    const found = next && cells(next)[target[1]];
    found?.focus();
    found?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  } else if (!event.ctrlKey && (event.key === 'Enter' || event.key.toLowerCase() === 'c')) {
    event.preventDefault();
    send(event.key === 'Enter' ? 'open' : 'copy');
  }
});

function send(action: string): void {
  if (current) {
    post({ type: 'cell', action, key: current.key, column: Number(current.column) });
  }
}

function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>('tr[data-key]')];
}

function cells(row: HTMLTableRowElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('td[data-column]')];
}

function filterInput(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('#filter');
}

/** Hides rows that don't contain every word of the filter, and headings without rows. */
function applyFilter(): void {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows()) {
    const text = row.dataset.search ?? '';
    row.hidden = !words.every((word) => text.includes(word));
  }
  for (const heading of document.querySelectorAll<HTMLTableRowElement>('tr.group')) {
    const group = [...(heading.parentElement?.querySelectorAll<HTMLElement>('tr[data-key]') ?? [])];
    heading.hidden = group.every((row) => row.hidden);
  }
}

/** Makes one cell reachable with Tab, and shows its full value below the table. */
function markCurrent(): void {
  for (const cell of document.querySelectorAll<HTMLElement>('td[tabindex="0"]')) {
    cell.tabIndex = -1;
  }
  const visible = rows().filter((row) => !row.hidden);
  const row = visible.find(({ dataset }) => dataset.key === current?.key);
  const chosen = row && cells(row).find(({ dataset }) => dataset.column === current?.column);
  const reachable = chosen ?? (visible[0] && cells(visible[0])[0]);
  if (reachable) {
    reachable.tabIndex = 0;
  }
  const detail = document.querySelector('#detail');
  if (chosen && detail) {
    detail.textContent = `${chosen.dataset.name ?? ''}: ${chosen.dataset.text ?? ''}`;
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-cell-action]')) {
    button.disabled = !chosen;
  }
}

/** A selector for the focused element, to find its replacement. */
function focusKey(element: Element | null): string | undefined {
  if (!(element instanceof HTMLElement)) {
    return undefined;
  }
  const { action, cellAction, column } = element.dataset;
  const key = element.closest<HTMLElement>('tr')?.dataset.key;
  if (element.id === 'filter') {
    return '#filter';
  }
  if (cellAction !== undefined) {
    return `[data-cell-action="${cellAction}"]`;
  }
  if (key !== undefined && column !== undefined) {
    return `tr[data-key="${CSS.escape(key)}"] td[data-column="${column}"]`;
  }
  const others: Partial<Record<string, string>> = {
    cancel: 'refresh',
    refresh: 'cancel',
    showAll: 'showDiffering',
    showDiffering: 'showAll',
    sortByCount: 'sortByGroup',
    sortByGroup: 'sortByCount',
  };
  return action === undefined
    ? undefined
    : `[data-action="${action}"], [data-action="${others[action] ?? action}"]`;
}
