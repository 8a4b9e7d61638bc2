import type { AccountRole } from '@bindings';

/** The page is of a workspace that is served to a team: its server marks it so, before the page asks anything. */
export function isForTeam(): boolean {
  return document.querySelector('meta[name="debrief-team"]') !== null;
}

/** What an invitation is for. */
export interface TeamInvitation {
  /** The workspace as a person would name it. */
  workspace: string;
  /** Whom it was made for; empty when whoever accepts it says a name. */
  name: string;
  /** It is clear who accepts it: no name is asked for. */
  known: boolean;
  /** What they may do. */
  role: AccountRole;
}

/** The secret of an invitation in an address's hash; null when it is no link to a workspace. */
export function readInvitation(hash: string): string | null {
  return /^#\/?invitation=([0-9A-Za-z_-]+)(?:&|$)/.exec(hash)?.[1] ?? null;
}

/** Takes the secret of an invitation out of the address bar, where others would see it; null when there is none. */
export function takeInvitation(): string | null {
  const secret = readInvitation(location.hash);
  if (secret !== null) history.replaceState(null, '', `${location.pathname}${location.search}#/postmortems`);
  return secret;
}

/** Calls back with the secret of an invitation that is opened while the page is there. Returns the way to stop. */
export function onInvitation(listener: (secret: string) => void): () => void {
  // Only the part after # changes when a link is pasted here, so no page is loaded.
  const look = () => {
    const secret = takeInvitation();
    if (secret !== null) listener(secret);
  };
  window.addEventListener('hashchange', look);
  return () => window.removeEventListener('hashchange', look);
}

/** What somebody pasted: an invitation to this workspace, one to another address, or none. */
export type Pasted = { type: 'here'; secret: string } | { type: 'elsewhere'; link: string; host: string } | { type: 'none' };

/** Reads a pasted invitation; words around the link do not matter. `origin` is where this page is from. */
export function readPasted(words: string, origin: string): Pasted {
  const link = /https?:\/\/[^\s<>"']+/i.exec(words)?.[0];
  const hash = link?.indexOf('#') ?? -1;
  const secret = link === undefined || hash < 0 ? null : readInvitation(link.slice(hash));
  if (link === undefined || secret === null) return { type: 'none' };
  try {
    const address = new URL(link);
    // A secret is shown to nobody but the server that it is for.
    return address.origin === origin ? { type: 'here', secret } : { type: 'elsewhere', link, host: address.host };
  } catch {
    return { type: 'none' };
  }
}

const ending = new Set<() => void>();

/** Calls back whenever the server says that this browser is not signed in. Returns the way to stop. */
export function onSignedOut(listener: () => void): () => void {
  ending.add(listener);
  return () => ending.delete(listener);
}

/** Tells whoever wants to know that this browser is not signed in. */
export function signedOut(): void {
  for (const listener of [...ending]) listener();
}

const BROWSERS: readonly [RegExp, string][] = [
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  // Most others say that they are Chrome, too, and Chrome that it is Safari.
  [/Chrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'an iPhone'],
  [/\biPad\b/, 'an iPad'],
  [/\bCrOS\b/, 'a Chromebook'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'a Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** What this device calls itself, for the list of devices: "Firefox on Linux". Takes the browser's `userAgent`. */
export function deviceName(agent: string): string {
  const browser = BROWSERS.find(([words]) => words.test(agent))?.[1] ?? 'A browser';
  const system = SYSTEMS.find(([words]) => words.test(agent))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}
