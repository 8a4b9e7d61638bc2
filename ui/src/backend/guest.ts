/** What lets a guest into a meeting. */
export interface Invitation {
  /** The secret of the link; empty for somebody who types the code. */
  secret: string;
  /** The code, however it was typed. */
  code: string;
}

/** The page came from the port of a shared meeting: it is for guests. The server marks it so. */
export function isForGuests(): boolean {
  return document.querySelector('meta[name="debrief-guest"]') !== null;
}

/** The secret in an address's hash; null when it is no link to a meeting. */
export function readSecret(hash: string): string | null {
  return /^#\/?join=([0-9A-Za-z_-]+)(?:&|$)/.exec(hash)?.[1] ?? null;
}
