import * as v from 'valibot';
import { openReport } from '../../host/report';
import { measureActivation } from './activation';
import { measureRequests } from './requests';
import { measureSaves } from './save';
import { measureTree } from './tree';
import { measureUpload } from './upload';

const options = v.object({
  reportPort: v.number(),
  measure: v.picklist(['activation', 'requests', 'saves', 'tree', 'upload']),
});

/** Runs in the extension host: takes one kind of measurement and reports it as a line of JSON. */
export async function run(): Promise<void> {
  const { reportPort, measure } = v.parse(options, JSON.parse(process.env.HOST_TESTS ?? '{}'));
  const report = await openReport(reportPort);
  const measures = {
    activation: measureActivation,
    requests: measureRequests,
    saves: measureSaves,
    tree: measureTree,
    upload: measureUpload,
  };
  try {
    report.send(JSON.stringify(await measures[measure]()));
    await report.close({ passed: 1, failed: 0 });
  } catch (error) {
    report.send(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await report.close({ passed: 0, failed: 1 });
  }
}
