// A replica of one postmortem, driven by a test through standard input: one JSON request per line, one JSON answer per
// line. Bytes are base64.
import { createInterface } from 'node:readline';
import { Y, randomFrom, replica, vite } from './replica.mjs';

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

let random = randomFrom(1);
const { ydoc, edit, plain } = replica(() => random());
const updates = [];
ydoc.on('update', (update, origin) => {
  if (origin !== 'peer') updates.push(base64(update));
});

const answers = {
  /** Takes another replica's update. */
  apply: ({ update }) => {
    Y.applyUpdate(ydoc, bytes(update), 'peer');
    return {};
  },
  /** Makes edits; gives their updates. */
  play: ({ seed, steps }) => {
    random = randomFrom(seed);
    updates.length = 0;
    for (let step = 0; step < steps; step++) edit();
    return { updates: [...updates] };
  },
  /** The whole state as one update. */
  state: () => ({ state: base64(Y.encodeStateAsUpdate(ydoc)) }),
  /** The document as the window reads it. */
  read: () => ({ document: plain() }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(answers[request.do](request))}\n`);
}
await vite.close();
