import { panelLabel } from '../operations/actions';
import { exactly, html, type Html } from '../ui/html';
import type { MatrixAction } from './messages';
import type { Column, MatrixRow, MatrixView } from './model';

const shownCharacters = 80;

/** The panel's content: only text and shapes, without styles or scripts, and nothing from elsewhere. */
export function renderMatrix({ columns, groups, options, loading, summary, title }: MatrixView): Html {
  const rows = groups.flatMap((group) => group.rows);
  const count = columns.length + 1;
  const headings = groups.filter((group) => group.title !== undefined).length;
  return html`
    <header>
      <h1>${title}</h1>
      <p class="summary">${summary}</p>
      <div class="actions" role="group" aria-label="Actions">
        ${loading ? button('cancel', 'Cancel') : button('refresh', 'Compare again')}
        ${
          options.showsAll
            ? button('showDiffering', 'Show differences only')
            : button('showAll', 'Show all settings')
        }
        ${
          options.sort === 'group'
            ? button('sortByCount', 'Sort by number of differences')
            : button('sortByGroup', 'Sort by group')
        }
        ${button('openDiffs', 'Open differences')} ${button('copyMarkdown', 'Copy as Markdown')}
        ${button('copyCsv', 'Copy as CSV')}
        <input type="search" id="filter" placeholder="Filter settings" aria-label="Filter settings by text" />
      </div>
      <div class="progress${loading ? ' running' : ''}" aria-hidden="true"></div>
    </header>
    ${columns.map((column, index) => failure(column, index))}
    <div class="scroll">
      <table
        role="grid"
        aria-label="${title}. Press Enter to open a setting in its document, or C to copy it to another environment."
        aria-rowcount="${rows.length + headings + 1}"
        aria-colcount="${count}"
      >
        <thead>
          <tr role="row">
            <th role="columnheader" scope="col" class="corner">Setting</th>
            ${columns.map(heading)}
          </tr>
        </thead>
        ${groups.map(
          (group) => html`
            <tbody>
              ${
                group.title === undefined
                  ? ''
                  : html`<tr class="group" role="row">
                      <th role="rowheader" scope="rowgroup">${group.title}</th>
                      <td role="gridcell" aria-hidden="true" colspan="${columns.length}"></td>
                    </tr>`
              }
              ${group.rows.map((row) => tableRow(row, columns))}
            </tbody>
          `,
        )}
      </table>
      ${rows.length === 0 && !loading ? html`<p class="empty">${emptyText(columns)}</p>` : ''}
    </div>
    <footer>
      <p class="detail" id="detail">
        Use the arrow keys to move between cells. ${shapes.odd} marks values that differ from the most common
        one. Where there is no such value, it marks the setting.
      </p>
      <div class="actions" role="group" aria-label="Selected value">
        <button type="button" data-cell-action="open" disabled>Open setting</button>
        <button type="button" data-cell-action="copy" disabled>Copy to environment…</button>
      </div>
    </footer>
  `;
}

const emptyText = (columns: readonly Column[]): string =>
  columns.filter(({ status }) => status === 'ready').length < 2
    ? 'There is nothing to compare: fewer than two environments could be read.'
    : 'No setting differs between these environments.';

function heading({ label, around, environmentId, isProtected, status }: Column): Html {
  const state = { loading: 'reading…', failed: "couldn't be read", canceled: 'not read', ready: '' }[status];
  return html`<th role="columnheader" scope="col">
    <span class="name">${label}</span>
    <span class="about"
      >${around} ·
      ${environmentId}${isProtected ? ' · protected' : ''}${state === '' ? '' : ` · ${state}`}</span
    >
  </th>`;
}

function failure({ label, status, why, needsKey }: Column, column: number): Html {
  return status === 'failed'
    ? html`<p class="note">
        ${shapes.failed} <span><strong>${label}</strong> couldn't be read. ${why}</span>
        ${needsKey ? button('replaceKey', panelLabel('replaceKey'), column) : ''}
      </p>`
    : html``;
}

function tableRow(
  { key, title, summary, cells, search, differs, isSplit }: MatrixRow,
  columns: readonly Column[],
): Html {
  return html`<tr role="row" data-key="${exactly(key)}" data-search="${search}">
    <th role="rowheader" scope="row">
      <span class="name">${title}</span> <code>${key}</code>
      ${isSplit ? html`<span class="split">${shapes.odd} ${summary}</span>` : differs ? '' : html`<span class="about">${summary}</span>`}
    </th>
    ${cells.map(({ text, isOdd, isNote }, index) => {
      const cut = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
      const name = `${title}, ${columns[index]?.label ?? ''}`;
      const said = `${name}: ${text.slice(0, 300)}${isOdd ? ', differs from most' : isSplit ? ` (${summary})` : ''}`;
      return html`<td
        role="gridcell"
        tabindex="-1"
        class="${isOdd ? 'odd' : ''}${isNote ? ' about' : ''}"
        data-column="${index}"
        data-name="${name}"
        data-text="${text.slice(0, 2000)}"
        aria-label="${said}"
      >
        ${isOdd ? shapes.odd : ''}<span>${cut}</span>
      </td>`;
    })}
  </tr>`;
}

const button = (action: MatrixAction, label: string, column?: number): Html =>
  html`<button
    type="button"
    data-action="${action}"
    ${column === undefined ? '' : html` data-column="${column}"`}
  >
    ${label}
  </button>`;

const icon = (path: string): Html =>
  html`<svg class="icon" aria-hidden="true" viewBox="0 0 16 16" width="16" height="16">
    <path d="${path}" />
  </svg>`;

/** Shapes, so that no one has to tell colors apart. */
const shapes = {
  odd: icon('M2 5h7.2l1.7-3h1.8l-1.7 3H14v1.6h-3.9L8.5 9.4H14V11H7.6l-1.7 3H4.1l1.7-3H2V9.4h4.7l1.6-2.8H2z'),
  failed: icon(
    'M5 1h6l4 4v6l-4 4H5l-4-4V5zm.4 3.3-1.1 1.1L6.9 8l-2.6 2.6 1.1 1.1L8 9.1l2.6 2.6 1.1-1.1L9.1 8l2.6-2.6-1.1-1.1L8 6.9z',
  ),
};
