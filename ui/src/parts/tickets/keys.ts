// How keys look, and how they become addresses. `model::tickets` does the same in Rust, and both are held to the cases in
// src-tauri/crates/model/tests/fixtures/tickets.json.

import type { Tracker } from '@bindings';

/** A key that a tracker knows: as it writes it, and its number. */
interface Key {
  key: string;
  number: string;
}

/** An address of the web without a name or password in it; null for anything else. */
function web(text: string): URL | null {
  try {
    const url = new URL(text);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '' ? url : null;
  } catch {
    return null;
  }
}

/** A ticket's number without zeros before it; null for what is none. */
function numberOf(text: string): string | null {
  const number = /^\d{1,10}$/.test(text) ? text.replace(/^0+/, '') : '';
  return number === '' ? null : number;
}

function known(tracker: Tracker, ticket: string): Key | null {
  // Letters beyond ASCII are in no key, and some of them become ASCII when their case is changed.
  if (!/^[\0-\x7f]+$/.test(ticket)) return null;
  if (tracker.pattern === '') return usual(tracker, ticket);
  for (const pattern of tracker.pattern.split(' ')) {
    const at = pattern.indexOf('#');
    const before = pattern.slice(0, at);
    const after = pattern.slice(at + 1);
    if (at < 0 || ticket.length < before.length + after.length) continue;
    const number = numberOf(ticket.slice(before.length, ticket.length - after.length));
    const same = ticket.toLowerCase().startsWith(before.toLowerCase()) && ticket.toLowerCase().endsWith(after.toLowerCase());
    if (number !== null && same) return { key: `${before}${number}${after}`, number };
  }
  return null;
}

function usual(tracker: Tracker, ticket: string): Key | null {
  if (tracker.kind === 'github' || tracker.kind === 'gitlab') {
    const at = ticket.indexOf('#');
    const place = ticket.slice(0, Math.max(0, at));
    const here = web(tracker.base)?.pathname.replace(/^\/+/, '');
    const number = numberOf(ticket.slice(at + 1));
    if (at < 0 || number === null || here === undefined || (place !== '' && place.toLowerCase() !== here.toLowerCase())) return null;
    return { key: `${place}#${number}`, number };
  }
  const read = /^([A-Za-z][A-Za-z0-9_]{0,19})-(\d+)$/.exec(ticket);
  const number = numberOf(read?.[2] ?? '');
  return read === null || number === null ? null : { key: `${(read[1] ?? '').toUpperCase()}-${number}`, number };
}

function address(tracker: Tracker, { key, number }: Key): string | null {
  if (tracker.link !== '') {
    return web(tracker.link.replaceAll('{key}', encodeURIComponent(key)).replaceAll('{number}', encodeURIComponent(number)))?.href ?? null;
  }
  const base = web(tracker.base);
  if (base === null) return null;
  const site = base.origin + base.pathname.replace(/\/$/, '');
  switch (tracker.kind) {
    case 'github':
      return `${site}/issues/${number}`;
    case 'gitlab':
      return `${site}/-/issues/${number}`;
    case 'jira':
      return `${site}/browse/${encodeURIComponent(key)}`;
    case 'linear':
      return `${base.origin}/${base.pathname.split('/')[1] ?? ''}/issue/${encodeURIComponent(key)}`;
  }
}

/** The address of a ticket that is known by its key; null for a key of no tracker. The first tracker that knows it wins. */
export function keyLink(ticket: string, trackers: readonly Tracker[]): string | null {
  for (const tracker of trackers) {
    const key = known(tracker, ticket.trim());
    const found = key === null ? null : address(tracker, key);
    if (found !== null) return found;
  }
  return null;
}

/** Where a ticket is: itself when it is an address of the web, or what its key stands for; null where nothing can be opened. */
export function ticketLink(ticket: string, trackers: readonly Tracker[]): string | null {
  const own = ticket.trim();
  if (/^https?:\/\/\S+$/i.test(own)) return web(own)?.href ?? null;
  return own === '' ? null : keyLink(own, trackers);
}

/** What stands for a ticket in a narrow place: its key, which some addresses hold before words, or the end of its address. */
export function ticketName(ticket: string): string {
  const own = ticket.trim();
  if (!/^https?:\/\//i.test(own)) return own;
  const parts = own.split(/[/?#]/).filter(Boolean);
  return parts.findLast((part) => /^[A-Z][A-Z0-9_]*-\d+$/.test(part)) ?? parts.at(-1) ?? own;
}
