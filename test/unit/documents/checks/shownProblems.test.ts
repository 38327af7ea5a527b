import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ShownProblems } from '../../../../src/documents/checks/shownProblems';
import type { DocumentProblem } from '../../../../src/json/parse';

const problem = (code: string): DocumentProblem => ({
  ...{ path: ['name'], offset: 0, length: 1, severity: 'error', code, message: 'Wrong.' },
});
const found = [problem('type')];
const refused = [problem('refused')];

describe('10.6: the problems of a document are in one object', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('10.6: the reasons for a rejected save count until the text changes, and stay visible until the next check', () => {
    const problems = new ShownProblems();
    problems.find(found);
    assert.deepEqual(problems.all, found);
    assert.equal(problems.isRefusal, false);
    problems.refuse(refused);
    assert.deepEqual(problems.all, refused);
    assert.equal(problems.isRefusal, true);
    problems.edit();
    assert.deepEqual(problems.all, refused);
    assert.equal(problems.isRefusal, false);
    problems.find([]);
    assert.deepEqual(problems.all, []);
  });

  it('10.6: typing keeps the results of a check until the next check', () => {
    const problems = new ShownProblems();
    problems.find(found);
    problems.edit();
    assert.deepEqual(problems.all, found);
  });

  it("10.6: a check runs once, after the last change; a rejected save or a closed editor cancels it, an accepted save doesn't", () => {
    const problems = new ShownProblems();
    let checks = 0;
    const checkAfter = (then: () => void): number => {
      checks = 0;
      problems.checkIn(250, () => (checks += 1));
      mock.timers.tick(200);
      then();
      mock.timers.tick(250);
      return checks;
    };
    assert.equal(
      checkAfter(() => problems.checkIn(250, () => (checks += 1))),
      1,
    );
    assert.equal(
      checkAfter(() => problems.refuse(refused)),
      0,
    );
    assert.equal(
      checkAfter(() => problems.drop()),
      0,
    );
    assert.equal(
      checkAfter(() => problems.accept()),
      1,
    );
    assert.deepEqual(problems.all, []);
  });
});
