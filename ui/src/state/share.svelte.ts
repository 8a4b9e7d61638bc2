/** Whether a review meeting is shared from this computer, with whom, and by which link. */
import type { Encryption, RoomRight, ShareFound, ShareInterface, ShareState } from '@bindings';
import type { Backend } from '@ui/backend/backend';
import { sentence } from '@ui/backend/backend';

/** Sharing as the computer that holds the workspace sees it. */
export class Sharing {
  readonly doc: string;
  /** The meeting that is shared; null when no port is open, or another meeting is shared. */
  state: ShareState | null = $state.raw(null);
  /** Addresses on which it can be shared; null until they are known. */
  interfaces: readonly ShareInterface[] | null = $state.raw(null);
  /** Why the last wish was not done, as a sentence. */
  trouble = $state('');
  readonly #backend: Pick<Backend, 'call'>;
  #asked = 0;

  constructor(doc: string, backend: Pick<Backend, 'call'>) {
    this.doc = doc;
    this.#backend = backend;
  }

  /** Asks how it stands. */
  load(): Promise<boolean> {
    return this.#ask(() => this.#backend.call('share_state', {}));
  }

  /** Asks where it can be shared. */
  async look(): Promise<void> {
    try {
      this.interfaces = (await this.#backend.call('share_interfaces', {})).interfaces;
    } catch (error) {
      this.interfaces = [];
      this.trouble = sentence(error);
    }
  }

  /** Lets guests in. */
  start(address: string, encryption: Encryption): Promise<boolean> {
    return this.#ask(() => this.#backend.call('share_start', { doc: this.doc, address, encryption }));
  }

  /** Closes the port. */
  stop(): Promise<boolean> {
    return this.#ask(() => this.#backend.call('share_stop', {}));
  }

  /** Lets a guest write, or read along. */
  allow(guest: string, right: RoomRight): Promise<boolean> {
    return this.#ask(() => this.#backend.call('guest_right', { guest, right }));
  }

  /** Sends a guest away; what they joined with is no longer good. */
  remove(guest: string): Promise<boolean> {
    return this.#ask(() => this.#backend.call('guest_remove', { guest }));
  }

  async #ask(call: () => Promise<ShareFound>): Promise<boolean> {
    const mine = ++this.#asked;
    try {
      const { share } = await call();
      if (mine === this.#asked) this.state = share?.doc === this.doc ? share : null;
      this.trouble = '';
      return true;
    } catch (error) {
      if (mine === this.#asked) this.trouble = sentence(error);
      return false;
    }
  }
}

/** What a network interface is called: "Wi-Fi, 192.168.1.20". */
export function interfaceName({ kind, name, address }: ShareInterface): string {
  const words: Record<string, string> = { wired: 'Wired network', wireless: 'Wi-Fi', tunnel: 'VPN', loopback: 'This computer alone' };
  return `${words[kind] ?? name}, ${address}`;
}

/** The address that is offered first: a network that others reach rather than a tunnel or this computer alone. */
export function usualInterface(all: readonly ShareInterface[]): ShareInterface | null {
  const order = ['wireless', 'wired', 'other', 'tunnel', 'loopback'];
  const place = ({ kind }: ShareInterface): number => (order.includes(kind) ? order.indexOf(kind) : order.indexOf('other'));
  // An address of four numbers can be typed.
  const typed = ({ address }: ShareInterface): number => (address.includes(':') ? 1 : 0);
  return [...all].sort((a, b) => place(a) - place(b) || typed(a) - typed(b))[0] ?? null;
}

const AGREED = 'debrief.plain-on';

/** Networks on which somebody here has chosen to share without encryption, by address without its last part. */
export function agreedToPlain(address: string): boolean {
  return agreed().includes(network(address));
}

/** Remembers that choice for a network. */
export function agreeToPlain(address: string): void {
  try {
    localStorage.setItem(AGREED, JSON.stringify([...new Set([...agreed(), network(address)])].slice(-50)));
  } catch {
    // Without storage it is asked again.
  }
}

function network(address: string): string {
  return address.includes('.') ? address.slice(0, address.lastIndexOf('.')) : address.split(':').slice(0, 4).join(':');
}

function agreed(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(AGREED) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
