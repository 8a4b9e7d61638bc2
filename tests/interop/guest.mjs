// A guest with a stock Yjs client: `node guest.mjs SOCKET_URL COOKIE MINE THEIRS` joins the document, writes MINE at the end of
// its title, waits until THEIRS stands there too, and prints the title.
import { createRequire } from 'node:module';

const ui = createRequire(new URL('../../ui/package.json', import.meta.url));
const Y = ui('yjs');
const { WebsocketProvider } = ui('y-websocket');
const WebSocket = ui('ws');

const [url, cookie, mine, theirs] = process.argv.slice(2);

class WithCookie extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { headers: { cookie } });
  }
}

const doc = new Y.Doc();
const title = doc.getText('title');
const cut = url.lastIndexOf('/');
const provider = new WebsocketProvider(url.slice(0, cut), url.slice(cut + 1), doc, { WebSocketPolyfill: WithCookie, disableBc: true });
provider.awareness.setLocalState({ user: { name: 'Stock' } });

await new Promise((resolve) => provider.once('sync', resolve));
title.insert(title.length, mine);
await new Promise((resolve) => {
  const look = () => title.toString().includes(theirs) && resolve();
  doc.on('update', look);
  look();
});
// What was written here is on its way before the socket closes.
await new Promise((resolve) => {
  const wait = () => (provider.ws.bufferedAmount === 0 ? resolve() : setImmediate(wait));
  wait();
});
process.stdout.write(`${title.toString()}\n`);
provider.destroy();
process.exit(0);
