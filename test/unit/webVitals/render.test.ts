import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeHtml, html } from '../../../src/ui/html';
import { panelView, type SideState } from '../../../src/webVitals/model';
import { renderPanel } from '../../../src/webVitals/render';
import { failed, place, readingOf, vitalsOf } from './vitalsOf';

const good = vitalsOf({ INP: [140, 120], LCP: [2100, 1900], CLS: [0.06, 0.04], FCP: [1200, 1100] });
const poor = vitalsOf({ INP: [580, 820], LCP: [4600, 4900], CLS: [0.29, 0.31], FCP: [3200, 3400] });
const nothing = vitalsOf({ INP: [0, 0], LCP: [0, 0], CLS: [0, 0], FCP: [0, 0] });

const side = (changes: Partial<SideState>): SideState => ({
  place,
  around: 'Sandbox',
  status: 'ready',
  ...changes,
});

/** Text as a user reads it. */
const textOf = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();

describe('web vitals: what the panel shows', () => {
  it('shows value, band, thresholds and trend of each metric', () => {
    const view = panelView([side({ reading: readingOf(poor) })]);
    const inp = view.sides[0]?.metrics?.find(({ name }) => name === 'INP');
    assert.equal(inp?.value?.shown, '820 ms');
    assert.equal(inp.value.bandTitle, 'Poor');
    assert.equal(inp.thresholds, 'Good up to 200 ms, poor above 500 ms.');
    assert.equal(inp.value.trend?.text, '240 ms higher than the week before (580 ms): worse.');
    assert.deepEqual(inp.value.scale, {
      marker: 100,
      beyond: true,
      goodEnd: 33.3,
      poorStart: 83.3,
      goodLabel: '200 ms',
      poorLabel: '500 ms',
    });
    const text = textOf(renderPanel(view).toString());
    assert.match(text, /INP Interaction to Next Paint 820 ms Poor/);
    assert.match(text, /LCP Largest Contentful Paint 4\.90 s Poor/);
    assert.match(text, /Good up to 2\.5 s, poor above 4 s\./);
    assert.match(
      view.announcement,
      /INP 820 ms, poor; LCP 4\.90 s, poor; CLS 0\.31, poor; FCP 3\.40 s, poor/,
    );
  });

  it('E: dates and times follow the language', () => {
    const english = panelView([side({ reading: readingOf(poor) })], 'en').sides[0];
    const german = panelView([side({ reading: readingOf(poor) })], 'de').sides[0];
    assert.match(english?.readAt ?? '', /^\d{1,2}:\d{2}:\d{2}.[AP]M$/);
    assert.match(german?.readAt ?? '', /^\d{2}:\d{2}:\d{2}$/);
    const weekOf = (shown: typeof english): string => shown?.metrics?.[0]?.value?.week ?? '';
    assert.match(weekOf(english), /^\w{3} \d{1,2}, 20\d\d$/);
    assert.match(weekOf(german), /^\d{2}\.\d{2}\.20\d\d$/);
  });

  it('distinguishes no data, capture off, and a failed query, each with its action', () => {
    const off = { optIn: false, allowedMetrics: null };
    const cases = [
      [side({ reading: readingOf(nothing) }), 'no_data', 'changePath', 'No data for this path'],
      [
        side({ reading: readingOf(nothing, off) }),
        'capture_off',
        'openSetting',
        'Capture is off for this environment',
      ],
      [
        side({ reading: readingOf(failed) }),
        'query_failed',
        'refresh',
        "PostHog couldn't calculate the web vitals",
      ],
    ] as const;
    for (const [state, kind, action, title] of cases) {
      const message = panelView([state]).sides[0]?.message;
      assert.equal(message?.kind, kind);
      assert.equal(message.title, title);
      assert.equal(message.actions[0]?.action, action);
    }
  });

  it('keeps values next to the note that capture is off now', () => {
    const [shown] = panelView([
      side({ reading: readingOf(good, { optIn: false, allowedMetrics: null }) }),
    ]).sides;
    assert.equal(shown?.metrics?.length, 4);
    assert.match(shown.notes[0]?.text ?? '', /Web vitals capture is now off/);
    assert.equal(shown.notes[0]?.action?.action, 'openSetting');
  });

  it("lists the metrics that aren't captured", () => {
    const partly = vitalsOf({ INP: [0, 0], LCP: [2000, 2000], CLS: [0, 0], FCP: [0, 0] });
    const [shown] = panelView([
      side({ reading: readingOf(partly, { optIn: true, allowedMetrics: ['LCP', 'CLS', 'FCP'] }) }),
    ]).sides;
    const missing = (wanted: string) => shown?.metrics?.find(({ name }) => name === wanted)?.missing;
    assert.match(missing('INP') ?? '', /autocapture_web_vitals_allowed_metrics/);
    assert.equal(missing('FCP'), 'No data from the last 7 days.');
  });

  it('keeps the previous response when a refresh fails', () => {
    const failure = { what: "PostHog didn't respond.", text: 'Retry.', action: { kind: 'retry' } } as const;
    const [shown] = panelView([side({ status: 'failed', reading: readingOf(good), failure })]).sides;
    assert.equal(shown?.metrics?.length, 4);
    assert.match(shown.notes[0]?.text ?? '', /These are earlier values\. PostHog didn't respond\. Retry\./);
    const [alone] = panelView([side({ status: 'failed', failure })]).sides;
    assert.equal(alone?.message?.title, "PostHog didn't respond");
    assert.equal(alone.message.actions[0]?.label, 'Retry');
    const [stuck] = panelView([side({ status: 'failed', failure: { ...failure, action: undefined } })]).sides;
    assert.deepEqual(stuck?.message?.actions, [], "10.5: there's no action if none helps");
  });

  it('a failed or canceled refresh is announced', () => {
    const reading = readingOf(good);
    const failure = { what: 'PostHog failed.', text: 'Try again.', action: undefined };
    assert.match(
      panelView([side({ reading, status: 'failed', failure })]).announcement,
      /FCP .*\. These are earlier values\. PostHog failed\. Try again\.$/,
    );
    assert.match(
      panelView([side({ reading, status: 'canceled' })]).announcement,
      /These are earlier values\. The refresh was canceled\.$/,
    );
  });

  it('11.4: the title of the tab names environment, organization, and connection, each once', () => {
    const titleOf = (...sides: SideState[]): string => panelView(sides).title;
    const here = side({ around: 'Shop · Work' });
    const there = { ...place, name: 'Staging', environment: { id: 1, projectId: 1 } };
    const name = `${place.path} in ${place.name}`;
    assert.equal(titleOf(here), `Web vitals of ${name} · Shop · Work`);
    const beside = side({ place: there, around: 'Shop · Work' });
    assert.equal(titleOf(here, beside), `Web vitals of ${name} and Staging · Shop · Work`);
    const elsewhere = side({ place: { ...there, path: '/' }, around: 'Labs · Home' });
    assert.equal(
      titleOf(here, elsewhere),
      `Web vitals of ${name} · Shop · Work and / in Staging · Labs · Home`,
    );
  });

  it('compares the second side with the first', () => {
    const other = { ...place, path: '/' };
    const view = panelView([
      side({ reading: readingOf(poor) }),
      side({ place: other, reading: readingOf(good) }),
    ]);
    assert.equal(view.title, `Web vitals of /checkout and / in ${place.name} · Sandbox`);
    assert.equal(view.differences?.INP?.text, '700 ms lower than /checkout (820 ms): better.');
    const markup = renderPanel(view).toString();
    assert.equal(markup.match(/<th scope="row">/g)?.length, 4);
    assert.equal(markup.match(/<th scope="col">/g)?.length, 4);
  });

  it('says in one cell why a compared side has no metrics', () => {
    const view = panelView([side({ reading: readingOf(good) }), side({ reading: readingOf(nothing) })]);
    const markup = renderPanel(view).toString();
    assert.equal(markup.match(/rowspan="4"/g)?.length, 1);
    assert.equal(textOf(markup).match(/Not comparable/g)?.length, 4);
  });

  it('offers Cancel while loading and Refresh otherwise', () => {
    assert.match(renderPanel(panelView([side({ status: 'loading' })])).toString(), /data-action="cancel"/);
    assert.doesNotMatch(
      renderPanel(panelView([side({ reading: readingOf(good) })])).toString(),
      /data-action="cancel"/,
    );
  });
});

describe('web vitals: markup', () => {
  it('escapes everything that comes from outside', () => {
    const evil = '</code><img src=x onerror=alert(1)>"\'`';
    const markup = renderPanel(
      panelView([
        side({ place: { ...place, path: evil, name: evil }, around: evil, status: 'loading' }),
        side({ place: { ...place, path: evil }, reading: { ...readingOf(nothing), environmentName: evil } }),
      ]),
    ).toString();
    assert.doesNotMatch(markup, /<img/);
    assert.ok(markup.includes(escapeHtml(evil)));
  });

  it('C1: hidden and direction characters are shown, never in effect', () => {
    const hidden = side({ place: { ...place, name: 'Shop\u202e', path: '/a\u2066' }, around: 'B\u200b' });
    const view = panelView([hidden]);
    assert.equal(view.title, 'Web vitals of /a[U+2066] in Shop[U+202E] · B[U+200B]');
    const text = renderPanel(view).toString() + view.announcement;
    assert.doesNotMatch(text, /[\u202e\u2066\u200b]/);
    assert.match(view.announcement, /\/a\[U\+2066\] in Shop\[U\+202E\]/);
    assert.match(textOf(text), /Shop\[U\+202E\]/);
  });

  it('contains no inline style or script', () => {
    const markup = renderPanel(panelView([side({ reading: readingOf(poor) })])).toString();
    assert.doesNotMatch(markup, /<script|\sstyle=|\son\w+=|https?:/);
  });

  it('escapes every character that could end an attribute or open an element', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.doesNotMatch(html`${text}`.toString(), /[<>"'`]/);
      }),
    );
  });
});
