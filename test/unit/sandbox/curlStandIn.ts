/**
 * The part of curl that the README's session uses, so that its test also runs on machines without curl: -s, -i, -w, -H,
 * -X, -d, -F name=value and -F name=@-;filename=NAME.
 */
import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    include: { type: 'boolean', short: 'i' },
    'write-out': { type: 'string', short: 'w', default: '' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    request: { type: 'string', short: 'X' },
    data: { type: 'string', short: 'd' },
    form: { type: 'string', short: 'F', multiple: true, default: [] },
  },
});

function formOf(parts: readonly string[]): FormData {
  const form = new FormData();
  for (const part of parts) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    const filename = /^@-;filename=(.*)$/.exec(value)?.[1];
    if (filename === undefined) {
      form.append(name, value);
    } else {
      form.append(name, new Blob([readFileSync(0)]), filename);
    }
  }
  return form;
}

const [url] = positionals;
if (url === undefined || positionals.length > 1) {
  throw new Error('This stand-in takes exactly one address.');
}
const body = values.form.length > 0 ? formOf(values.form) : values.data;
const response = await fetch(url, {
  method: values.request ?? (body === undefined ? 'GET' : 'POST'),
  headers: values.header.map((line): [string, string] => {
    const [, name = '', value = ''] = /^([^:]*):\s*(.*)$/.exec(line) ?? [];
    return [name, value];
  }),
  ...(body === undefined ? {} : { body }),
});
const head = values.include
  ? [
      `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
      ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n')
  : '';
process.stdout.write(head + (await response.text()) + values['write-out'].replaceAll('\\n', '\n'));
