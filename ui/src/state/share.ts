/** Where a review is shared, and how what is sent travels there. */
import type { ShareInterface } from '@bindings';

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
