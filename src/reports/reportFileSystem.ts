import type * as vscode from 'vscode';
import { ReadOnlyFiles } from '../ui/readOnlyFiles';
import { reportScheme, type ReportServices } from './reportServices';
import type { Reports } from './reports';

/** Serves reports. The implementation loads with the first one. */
export class ReportFileSystem extends ReadOnlyFiles {
  private loaded: Promise<Reports> | undefined;

  constructor(private readonly services: ReportServices) {
    super(reportScheme, "This shows PostHog's response and can't be edited.");
  }

  reports(): Promise<Reports> {
    this.loaded ??= import('./reports').then(({ Reports }) => new Reports(this.services, this.changed));
    return this.loaded;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.reports()).stat(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.reports()).readFile(uri);
  }

  override dispose(): void {
    super.dispose();
    void this.loaded?.then((reports) => reports.dispose());
  }
}
