// A room full of people on a network that drops them: twelve of the window's own documents with the window's own
// connections, each over a real socket, following a plan that a seed decides. The test that starts this kills and
// restarts the host when it is told to. One JSON request per line, one JSON answer per line.
import { createInterface } from 'node:readline';
import { Y, from, randomFrom, replica, vite } from './replica.mjs';

const { WebSocket } = from('ws');
// The page's own events: what is not stored is kept when a tab closes.
const page = new EventTarget();
for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) globalThis[name] = page[name].bind(page);

const { Connection } = await vite.ssrLoadModule('/src/doc/connection.ts');
const { Kept } = await vite.ssrLoadModule('/src/doc/kept.ts');
const { Awareness } = await vite.ssrLoadModule('y-protocols/awareness');

const PEOPLE = 12;
/** How long the room may take for anything. In milliseconds. */
const PATIENCE = 60_000;
/** Waiting between two tries is this much shorter than in the window. */
const HASTE = 20;

let host = null;
let people = [];
let random = randomFrom(1);

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function until(what, holds) {
  const started = Date.now();
  while (!holds()) {
    if (Date.now() - started > PATIENCE) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const clock = {
  now: () => Date.now(),
  random: Math.random,
  after(ms, run) {
    const timer = setTimeout(run, ms / HASTE);
    return () => clearTimeout(timer);
  },
};

/** A browser's storage. */
class Memory {
  #entries = new Map();
  get length() {
    return this.#entries.size;
  }
  key(at) {
    return [...this.#entries.keys()][at] ?? null;
  }
  getItem(key) {
    return this.#entries.get(key) ?? null;
  }
  setItem(key, value) {
    this.#entries.set(key, value);
  }
  removeItem(key) {
    this.#entries.delete(key);
  }
}

/** Clients of closed tabs, and how much each had written: all of it has to be there in the end. */
let closed = new Map();

/** Somebody in the room. While `away` their network takes nothing. */
class Person {
  constructor(number) {
    this.number = number;
    this.storage = new Memory();
    this.tabs = 0;
    this.away = false;
    this.enter();
  }

  /** Opens the page. */
  enter() {
    this.tabs += 1;
    Object.assign(this, replica(() => random()));
    this.sockets = new Set();
    this.connection = new Connection({
      doc: this.ydoc,
      awareness: new Awareness(this.ydoc),
      open: (on) => this.open(on),
      changed: () => undefined,
      clock,
      kept: new Kept(this.storage, 'room', String(this.tabs)),
    });
  }

  open(on) {
    if (this.away) {
      const timer = setTimeout(() => on.closed('away'), 1);
      return { send: () => undefined, close: () => clearTimeout(timer) };
    }
    const socket = new WebSocket(host.url, { headers: { authorization: `Bearer ${host.token}` } });
    socket.binaryType = 'nodebuffer';
    this.sockets.add(socket);
    socket.on('open', () => on.open());
    socket.on('message', (bytes) => on.message(new Uint8Array(bytes)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      on.closed('');
    });
    return {
      send: (bytes) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
      },
      close: () => socket.close(),
    };
  }

  drop() {
    for (const socket of this.sockets) socket.terminate();
  }

  /** What the host has said is stored, as a state vector's entry; nothing while something of it is not. */
  acknowledged() {
    if (this.connection.state.waiting > 0) return null;
    const clock = Y.getState(this.ydoc.store, this.ydoc.clientID);
    return clock > 0 ? [this.ydoc.clientID, clock] : null;
  }

  /** Closes the tab, whatever is not stored, and opens it again. */
  reopen() {
    page.dispatchEvent(new Event('pagehide'));
    const clock = Y.getState(this.ydoc.store, this.ydoc.clientID);
    if (clock > 0) closed.set(this.ydoc.clientID, clock);
    this.leave();
    this.enter();
  }

  leave() {
    this.connection.close();
    this.drop();
  }
}

const steps = [];

/** One step of the plan; `kill` when the host is to die now. */
async function step() {
  const person = people[Math.floor(random() * people.length)];
  const chance = random();
  if (chance < 0.72) {
    const edits = 1 + Math.floor(random() * 3);
    steps.push(`${person.number} edits ${edits}`);
    for (let edit = 0; edit < edits; edit++) person.edit();
  } else if (chance < 0.82) {
    steps.push(`${person.number} drops`);
    person.drop();
  } else if (chance < 0.89) {
    steps.push(`${person.number} goes away`);
    person.away = true;
    person.drop();
  } else if (chance < 0.93) {
    steps.push(`${person.number} closes the tab and opens it again`);
    person.reopen();
  } else if (chance < 0.97) {
    steps.push('somebody comes back');
    for (const other of people.filter((other) => other.away).slice(0, 2)) other.away = false;
  } else {
    steps.push('the host dies');
    return 'kill';
  }
  // Sometimes the wires get time to carry what was written, sometimes not.
  const turns = Math.floor(random() * 6);
  for (let at = 0; at < turns; at++) await turn();
  return 'on';
}

let left = 0;

const answers = {
  /** A new room: where its host is, and the plan. */
  begin: async ({ url, token, seed, length }) => {
    host = { url, token };
    random = randomFrom(seed);
    steps.length = 0;
    left = length;
    closed = new Map();
    people = Array.from({ length: PEOPLE }, (_, number) => new Person(number));
    await until('the first sync', () => people.every((person) => person.connection.state.synced));
    return {};
  },
  /** Goes on with the plan until the host is to die, or it is over. Says what had been acknowledged by then. */
  go: async () => {
    let next = 'on';
    while (left > 0 && next === 'on') {
      left -= 1;
      next = await step();
    }
    if (next === 'on') {
      // Everybody is back and everything is stored.
      for (const person of people) person.away = false;
      await until('everything to be stored and told', () => {
        const vectors = people.map((person) => Buffer.from(Y.encodeStateVector(person.ydoc)).toString('hex'));
        const sorted = people.map((person) => JSON.stringify([...Y.decodeStateVector(Buffer.from(vectors[person.number], 'hex'))].sort((a, b) => a[0] - b[0])));
        return people.every((person) => person.connection.state.phase === 'live' && person.connection.state.waiting === 0)
          && sorted.every((vector) => vector === sorted[0]);
      });
      // What is deleted has no place in a state vector: it arrives in order behind what is written.
      for (let at = 0; at < 20; at++) await turn();
    }
    return { next: next === 'kill' ? 'kill' : 'over', acknowledged: people.map((person) => person.acknowledged()).filter(Boolean) };
  },
  /** The host is back. */
  up: ({ url, token }) => {
    host = { url, token };
    return {};
  },
  /** What everybody sees at the end. */
  end: () => {
    const vector = Y.decodeStateVector(Y.encodeStateVector(people[0].ydoc));
    const lost = [...closed].filter(([client, clock]) => (vector.get(client) ?? 0) < clock);
    const documents = people.map((person) => person.plain());
    for (const person of people) person.leave();
    const differing = documents.findIndex((document) => JSON.stringify(document) !== JSON.stringify(documents[0]));
    return { document: documents[0], lost, differing, other: differing < 0 ? null : documents[differing], steps };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify(await answers[request.do](request))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ failed: String(error), steps, states: people.map((person) => person.connection.state) })}\n`);
  }
}
await vite.close();
