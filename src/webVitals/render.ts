import { webVitalNames, type WebVitalBand } from '../posthog/webVitalBands';
import { html, type Html } from '../ui/html';
import type { ChangeView, MessageView, MetricView, PanelAction, PanelView, SideView } from './model';

/** The panel's content: only text and shapes, without styles or scripts, and nothing from elsewhere. */
export function renderPanel({ sides, differences }: PanelView): Html {
  const [first, second] = sides;
  const loading = sides.some((side) => side.loading);
  return html`
    <header>
      <h1>Web vitals</h1>
      ${!second && first ? html`<p class="place">${place(first)}</p>` : ''}
      <div class="actions" role="group" aria-label="Actions">
        ${loading ? button('cancel', 'Cancel', { icon: shapes.stop }) : button('refresh', 'Refresh', { icon: shapes.refresh })}
        ${
          second
            ? button('swap', 'Swap sides')
            : [
                button('changePath', 'Change path…'),
                button('comparePath', 'Compare with path…'),
                button('compareEnvironment', 'Compare with environment…'),
              ]
        }
        ${button('openJson', 'Open as JSON')}
      </div>
      <div class="progress${loading ? ' running' : ''}" aria-hidden="true"></div>
    </header>
    ${second && first ? comparison(first, second, differences ?? {}) : first ? single(first) : ''}
    <footer>
      <p>
        90th percentile of the last 7 days, by week: nine of ten visits were at least as good. Lower is better
        for all four.
        ${
          sides.some(({ readAt }) => readAt)
            ? html`Read at
              ${sides
                .map(({ readAt }) => readAt ?? '')
                .filter((time, index, all) => time && all.indexOf(time) === index)
                .join(' and ')}.`
            : ''
        }
      </p>
    </footer>
  `;
}

function single(side: SideView): Html {
  return html`
    <section aria-label="Metrics" aria-busy="${String(side.loading)}">
      ${notes(side, 0)} ${side.message ? message(side.message, 0) : ''}
      ${
        side.metrics
          ? html`<div class="cards">${side.metrics.map((metric) => card(metric))}</div>`
          : side.message
            ? ''
            : html`<p class="waiting">Getting web vitals…</p>`
      }
    </section>
  `;
}

function card(metric: MetricView): Html {
  const { name, title, explains, thresholds, value } = metric;
  const id = `metric-${name}`;
  return html`
    <article class="card" aria-labelledby="${id}">
      <h2 id="${id}"><span class="short">${name}</span> <span class="title">${title}</span></h2>
      ${measured(metric)}
      <p class="about">
        ${explains} ${unbroken(thresholds)}${value?.week ? ` Week from ${value.week}.` : ''}
      </p>
    </article>
  `;
}

function measured({ name, value, missing }: MetricView): Html {
  if (!value) {
    return html`<p class="missing">${missing}</p>`;
  }
  return html`
    <p class="value"><span class="number">${value.shown}</span> ${band(value.band, value.bandTitle)}</p>
    ${scale(name, value)}
    ${value.trend ? change(value.trend) : html`<p class="change">No value from the week before.</p>`}
  `;
}

function comparison(
  first: SideView,
  second: SideView,
  differences: NonNullable<PanelView['differences']>,
): Html {
  const sides = [first, second];
  const rows = webVitalNames.map((name, row) => {
    const metrics = sides.map((side) => side.metrics?.find((metric) => metric.name === name));
    const known = metrics.find((metric) => metric !== undefined);
    const difference = differences[name];
    return html`
      <tr>
        <th scope="row"><span class="short">${name}</span> <span class="title">${known?.title}</span></th>
        ${metrics.map((metric, side) => cell(sides[side], metric, side, row))}
        <td>${difference ? change(difference) : html`<span class="missing">Not comparable</span>`}</td>
      </tr>
    `;
  });
  return html`
    <section aria-label="Comparison" aria-busy="${String(sides.some(({ loading }) => loading))}">
      ${sides.map((side, index) => notes(side, index))}
      <div class="scroll" tabindex="0" role="region" aria-label="Comparison table">
        <table>
          <caption>
            ${first.path} in ${first.environment}, and ${second.path} in ${second.environment}
          </caption>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              ${sides.map((side) => html`<th scope="col"><span class="place">${place(side)}</span></th>`)}
              <th scope="col">Second compared with first</th>
            </tr>
            <tr>
              <td></td>
              ${sides.map(
                (side, index) => html`
                  <td>
                    <div class="actions">
                      ${button('changePath', 'Change path…', { side: index, about: side.path })}
                      ${button('removeSide', 'Remove', { side: index, about: `${side.path} in ${side.environment}` })}
                    </div>
                  </td>
                `,
              )}
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

/** A side without metrics shows the reason in one cell next to all rows. */
function cell(
  side: SideView | undefined,
  metric: MetricView | undefined,
  index: number,
  row: number,
): Html | '' {
  if (metric) {
    return html`<td>${measured(metric)}</td>`;
  }
  if (row > 0) {
    return '';
  }
  return html`<td rowspan="${webVitalNames.length}">
    ${
      side?.message
        ? message(side.message, index, 'compact')
        : html`<p class="waiting">Getting web vitals…</p>`
    }
  </td>`;
}

function place({ path, environment, environmentId, around }: SideView): Html {
  return html`<code>${path}</code> in <strong>${environment}</strong>
    <span class="about">${around} · environment ${environmentId}</span>`;
}

function notes({ notes: list }: SideView, side: number): readonly Html[] {
  return list.map(
    ({ text, action }) => html`
      <p class="note">
        ${shapes.note} <span>${text}</span> ${action ? button(action.action, action.label, { side }) : ''}
      </p>
    `,
  );
}

function message(
  { kind, title, text, actions }: MessageView,
  side: number,
  size: 'wide' | 'compact' = 'wide',
): Html {
  return html`
    <div class="message ${kind} ${size}">
      ${kind === 'failed' || kind === 'query_failed' ? shapes.poor : shapes.note}
      <div>
        <h2>${title}</h2>
        <p>${text}</p>
        <div class="actions">
          ${actions.map(({ action, label }, index) => button(action, label, { side, primary: index === 0 }))}
        </div>
      </div>
    </div>
  `;
}

function band(name: WebVitalBand, title: string): Html {
  return html`<span class="band ${name}">${shapes[name]} ${title}</span>`;
}

function change({ direction, verdict, text }: ChangeView): Html {
  return html`<p class="change ${verdict}">${shapes[direction]} ${unbroken(text)}</p>`;
}

/** A bar of the three bands with a marker. It repeats the text next to it, so screen readers treat it as one image. */
function scale(name: string, { shown, bandTitle, scale: bar }: NonNullable<MetricView['value']>): Html {
  const label = `${name} ${shown}, ${bandTitle.toLowerCase()}, on a bar where good ends at ${bar.goodLabel} and poor starts after ${bar.poorLabel}`;
  return html`
    <svg
      class="scale"
      role="img"
      aria-label="${label}${bar.beyond ? '; beyond the end of the bar' : ''}"
      width="100%"
      height="40"
    >
      <rect class="good" x="0%" width="${bar.goodEnd}%" y="15" height="4" />
      <rect
        class="needs_improvements"
        x="${bar.goodEnd}%"
        width="${bar.poorStart - bar.goodEnd}%"
        y="14"
        height="6"
      />
      <rect class="poor" x="${bar.poorStart}%" width="${100 - bar.poorStart}%" y="12" height="10" />
      <line class="tick" x1="${bar.goodEnd}%" x2="${bar.goodEnd}%" y1="10" y2="24" />
      <line class="tick" x1="${bar.poorStart}%" x2="${bar.poorStart}%" y1="10" y2="24" />
      <text x="${bar.goodEnd}%" y="37" text-anchor="middle">${bar.goodLabel}</text>
      <text x="${bar.poorStart}%" y="37" text-anchor="middle">${bar.poorLabel}</text>
      <svg x="${bar.marker}%" y="0" class="marker" overflow="visible">
        ${
          bar.beyond
            ? html`<path d="M-12 3 L0 11 L-12 19 Z" />`
            : html`<path d="M-6 0 H6 L1 9 V25 H-1 V9 Z" />`
        }
      </svg>
    </svg>
  `;
}

function button(
  action: PanelAction,
  label: string,
  {
    side,
    about,
    primary = false,
    icon,
  }: { side?: number; about?: string; primary?: boolean; icon?: Html } = {},
): Html {
  return html`<button
    type="button"
    class="${primary ? 'primary' : 'secondary'}"
    data-action="${action}"
    data-side="${side ?? 0}"
    ${about === undefined ? '' : html` aria-label="${label} ${about}"`}
  >
    ${icon}${label}
  </button>`;
}

const icon = (path: string): Html =>
  html`<svg class="icon" aria-hidden="true" viewBox="0 0 16 16" width="16" height="16">${shape(path)}</svg>`;

function shape(path: string): Html {
  return html`<path d="${path}" />`;
}

/** Keeps a number and its unit on one line. */
const unbroken = (text: string): string => text.replace(/(\d) (ms|s)\b/g, '$1\u00a0$2');

/** Each band has its own shape, so that no one has to tell colors apart. */
const shapes = {
  good: icon('M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm-.8 9.9 4.2-5.2-1.1-.9-3.2 4-1.5-1.5-1 1z'),
  needs_improvements: icon('M8 1.2 15.2 14.5H.8zM7.2 6v4.4h1.6V6zm0 5.4V13h1.6v-1.6z'),
  poor: icon(
    'M5 1h6l4 4v6l-4 4H5l-4-4V5zm.4 3.3-1.1 1.1L6.9 8l-2.6 2.6 1.1 1.1L8 9.1l2.6 2.6 1.1-1.1L9.1 8l2.6-2.6-1.1-1.1L8 6.9z',
  ),
  up: icon('M8 2.5 13.5 8l-1 1L8.8 5.2V14H7.2V5.2L3.5 9l-1-1z'),
  down: icon('M8 13.5 2.5 8l1-1 3.7 3.8V2h1.6v8.8L12.5 7l1 1z'),
  unchanged: icon('M2 5.2h12v1.6H2zm0 4h12v1.6H2z'),
  note: icon('M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm-.8 3v1.6h1.6V4zm0 3v5h1.6V7z'),
  refresh: icon('M13.6 2v4h-4V4.6h1.9A5 5 0 1 0 13 8h1.4A6.4 6.4 0 1 1 12.2 3.2V2z'),
  stop: icon('M3 3h10v10H3z'),
};
