import type { Receipt } from '../operations/services';
import type { ReceiptServices } from './receipts';

/** Records every write, loaded with the first one. */
export class LazyReceipts {
  constructor(private readonly services: ReceiptServices) {}

  add(receipt: Receipt): void {
    void import('./receipts').then(({ Receipts }) => new Receipts(this.services).add(receipt));
  }
}
