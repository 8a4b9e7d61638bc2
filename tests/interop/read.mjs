// Reads exports as other programs do: `node read.mjs csv|json FILE` prints the rows of a table as lists of fields, or what a
// file of JSON holds, as one line of JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ui = createRequire(new URL('../../ui/package.json', import.meta.url));
const { parse } = ui('csv-parse/sync');

const [kind, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
process.stdout.write(JSON.stringify(kind === 'csv' ? parse(text, { bom: true, record_delimiter: '\r\n' }) : JSON.parse(text)));
