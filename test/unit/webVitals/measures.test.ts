import assert from 'node:assert/strict';
import { readWebVitals } from '../../../src/posthog/webVitals';
import { measureWebVitals } from '../../../src/posthog/webVitalMeasures';
import { vitalsOf } from './vitalsOf';

describe('web vitals: the newest value and its trend', () => {
  it('takes the last value and compares it with the week before', () => {
    const { INP } = measureWebVitals(vitalsOf({ INP: [140, 120], LCP: [1, 1], CLS: [0, 0], FCP: [1, 1] }));
    assert.deepEqual(INP, {
      name: 'INP',
      value: 120,
      shown: '120 ms',
      band: 'good',
      week: '2026-01-11',
      trend: { from: 140, by: -20, direction: 'down', verdict: 'better' },
    });
  });

  it('calls a higher value worse and an equal one unchanged', () => {
    const { LCP, FCP } = measureWebVitals(
      vitalsOf({ INP: [1, 1], LCP: [2000, 4000], CLS: [0, 0], FCP: [1700, 1703] }),
    );
    assert.equal(LCP?.trend?.verdict, 'worse');
    assert.equal(LCP.trend.direction, 'up');
    assert.equal(FCP?.trend?.verdict, 'unchanged', 'both are formatted as 1.70 s');
  });

  it('uses the previous week if nothing has been measured in this one', () => {
    const { INP, CLS } = measureWebVitals(
      vitalsOf({ INP: [140, 0], LCP: [2000, 0], CLS: [0.3, 0], FCP: [1800, 0] }),
    );
    assert.equal(INP?.value, 140);
    assert.equal(INP.week, '2026-01-04');
    assert.equal(INP.trend, undefined);
    assert.equal(CLS?.value, 0.3, "a shift of zero would be a value that wasn't measured");
  });

  it('treats a layout shift of zero as a value if other metrics were measured', () => {
    const { CLS } = measureWebVitals(vitalsOf({ INP: [0, 120], LCP: [0, 1], CLS: [0.2, 0], FCP: [0, 1] }));
    assert.equal(CLS?.value, 0);
    assert.equal(CLS.band, 'good');
  });

  it('has no trend if the week before has no value', () => {
    const { INP, CLS } = measureWebVitals(
      vitalsOf({ INP: [0, 365], LCP: [0, 4150], CLS: [0, 0.73], FCP: [0, 2390] }),
    );
    assert.equal(INP?.trend, undefined);
    assert.equal(CLS?.trend, undefined);
  });

  it('leaves out a metric without values', () => {
    const measures = measureWebVitals(vitalsOf({ INP: [0, 0], LCP: [2000, 2000], CLS: [0, 0], FCP: [0, 0] }));
    assert.deepEqual(Object.keys(measures), ['LCP', 'CLS']);
  });

  it('identifies metrics by name, whatever their order', () => {
    const vitals = readWebVitals({
      results: [
        { action: { custom_name: 'FCP', order: 0 }, data: [0, 2390], days: ['2026-01-04', '2026-01-11'] },
        { action: { custom_name: 'INP', order: 1 }, data: [0, 365], days: ['2026-01-04', '2026-01-11'] },
      ],
    });
    assert.ok(vitals);
    const measures = measureWebVitals(vitals);
    assert.equal(measures.INP?.shown, '365 ms');
    assert.equal(measures.FCP?.shown, '2.39 s');
  });
});
