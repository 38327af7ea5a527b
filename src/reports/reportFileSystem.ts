import * as vscode from 'vscode';
import { fileError } from '../ui/fileErrors';
import { sentence } from '../ui/markdown';
import { reportScheme, type ReportServices } from './reportServices';
import type { Reports } from './reports';

const refuse = (): never => {
  throw fileError('NoPermissions', "This shows PostHog's response and can't be edited.");
};

/** Serves reports. The implementation loads with the first one. */
export class ReportFileSystem implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  readonly createDirectory = refuse;
  readonly writeFile = refuse;
  readonly delete = refuse;
  readonly rename = refuse;
  private readonly registration: vscode.Disposable;
  private loaded: Promise<Reports> | undefined;

  constructor(private readonly services: ReportServices) {
    this.registration = vscode.workspace.registerFileSystemProvider(reportScheme, this, {
      isCaseSensitive: true,
      isReadonly: sentence("This shows PostHog's response and can't be edited."),
    });
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

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
    void this.loaded?.then((reports) => reports.dispose());
  }
}
