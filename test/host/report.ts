import { connect } from 'node:net';

interface Stats {
  passed: number;
  failed: number;
}

/** What the runner receives: lines during the run, and the numbers at the end. */
export interface Report {
  send(text: string): void;
  /** Resolves once everything has been received. */
  close(stats: Stats): Promise<void>;
}

/** Connects to the runner's port on loopback, which accepts lines of JSON: {"text"} and finally {"stats"}. */
export function openReport(port: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const write = (line: object): void => void socket.write(`${JSON.stringify(line)}\n`);
    socket.once('error', reject);
    socket.once('connect', () =>
      resolve({
        send: (text) => write({ text }),
        close: (stats) =>
          new Promise((closed) => {
            write({ stats });
            socket.once('close', () => closed());
            socket.end();
          }),
      }),
    );
  });
}
