import assert from 'node:assert/strict';
import { EnvironmentMarks } from '../../../src/connections/environmentMarks';
import { learnOrganization } from '../../../src/directory/learnOrganization';
import { environmentsOf } from '../../../src/directory/lookup';
import { organizationNameOf } from '../../../src/directory/organizationName';
import { CONNECTION, DirectoryBench, never } from './support';

const staging = { connectionId: CONNECTION, environment: { id: 1202, projectId: 1202 }, name: 'Staging' };
const log = { info: () => undefined };

describe("The name of an environment's organization", () => {
  let bench: DirectoryBench;
  afterEach(() => bench.stop());

  const organizationOf = (): string => {
    const { organization } = bench.control.environment(1202);
    assert.ok(typeof organization === 'string');
    return organization;
  };
  const learn = (): Promise<void> => {
    const { connections, directory, marks } = bench;
    return learnOrganization({ connections, directory, marks, log }, staging, organizationOf(), never());
  };

  it('11.4: is asked for once where nothing was listed, and remembered', async () => {
    bench = await DirectoryBench.start();
    assert.equal(organizationNameOf(bench.directory, staging), undefined);
    await learn();
    assert.deepEqual(bench.taken(), [`GET /api/organizations/${organizationOf()}/`]);
    assert.equal(organizationNameOf(bench.directory, staging), 'Hedgehog Outfitters');
    await learn();
    assert.deepEqual(bench.taken(), []);
  });

  it('11.4: is known from the list of an earlier session', async () => {
    bench = await DirectoryBench.start();
    await environmentsOf(bench.directory, CONNECTION);
    await bench.marks.mark(CONNECTION, 1202, { protect: true });
    const later = new EnvironmentMarks(bench.memento, { list: () => [] });
    assert.equal(later.organizationOf(CONNECTION, 1202), 'Hedgehog Outfitters');
    assert.equal(later.nameOf(CONNECTION, 1202), 'Staging');
    await later.forget({ id: CONNECTION, kind: 'server', origin: bench.sandbox.url });
    assert.equal(later.organizationOf(CONNECTION, 1202), undefined);
    later.dispose();
  });

  it("11.4: stays unknown if the key can't read it, without a failure", async () => {
    bench = await DirectoryBench.start({ key: 'none' });
    await learn();
    assert.equal(organizationNameOf(bench.directory, staging), undefined);
  });
});
