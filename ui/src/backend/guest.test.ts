import { afterEach, describe, expect, it, vi } from 'vitest';
import { NotJoined } from './backend';
import { linkWith, onRoomLeft, readMoved, readSecret } from './guest';
import { call, join } from './http';

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

afterEach(() => {
  vi.unstubAllGlobals();
  document.head.querySelector('meta[name="debrief-guest"]')?.remove();
});

function forGuests(): void {
  const mark = document.createElement('meta');
  mark.name = 'debrief-guest';
  document.head.append(mark);
}

describe('the link to a meeting', () => {
  it('holds a secret, with or without the fingerprint of a certificate', () => {
    expect(readSecret('#join=0a1b')).toBe('0a1b');
    expect(readSecret('#join=0a1b&fp=ffff')).toBe('0a1b');
    expect(readSecret('#/join=0a1b')).toBe('0a1b');
  });

  it('is told from every other address', () => {
    for (const hash of ['', '#', '#/p/x/review', '#token=0a1b', '#join=', '#join=<script>']) expect(readSecret(hash)).toBeNull();
  });
});

describe('joining', () => {
  it('hands over the name with the secret and gives the postmortem', async () => {
    const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>().mockResolvedValue(answer(200, { doc: 'd1' }));
    vi.stubGlobal('fetch', fetched);
    expect(await join({ secret: '0a1b', code: '', name: 'Debby' })).toEqual({ doc: 'd1' });
    expect(fetched.mock.calls[0]?.[1].body).toBe('{"secret":"0a1b","code":"","name":"Debby"}');
  });

  it('tells which field is wrong', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer(422, { code: 'invalid', message: 'That name is taken here; add your initial.', field: 'name' })));
    await expect(join({ secret: '0a1b', code: '', name: 'Debby' })).rejects.toMatchObject({ field: 'name', message: 'That name is taken here; add your initial.' });
  });

  it('says that somebody is not in the room, and tells those who show it', async () => {
    forGuests();
    vi.stubGlobal('fetch', () => Promise.resolve(answer(401, { code: 'refused', message: 'You are not in this room.', field: null })));
    const left = vi.fn();
    const stop = onRoomLeft(left);
    await expect(call('session', {})).rejects.toBeInstanceOf(NotJoined);
    expect(left).toHaveBeenCalledOnce();
    stop();
  });
});

describe('a link to where the meeting is now', () => {
  const moved = { doc: 'd/1', edits: ['AQ+/==', 'Ag=='] };

  it('takes along what was not sent, and gives it back there', () => {
    const link = linkWith('It is at http://192.0.2.9:7447/#join=0a1b&fp=ff now', moved);
    expect(link).toMatch(/^http:\/\/192\.0\.2\.9:7447\/#join=0a1b&fp=ff&kept=/);
    const hash = link?.slice(link.indexOf('#')) ?? '';
    expect(readSecret(hash)).toBe('0a1b');
    expect(readMoved(hash)).toEqual({ doc: 'd/1', edits: ['AQ+/', 'Ag=='] });
  });

  it('is the link itself when nothing waits, or too much', () => {
    expect(linkWith('http://192.0.2.9:7447/#join=0a1b', { doc: 'd', edits: [] })).toBe('http://192.0.2.9:7447/#join=0a1b');
    expect(linkWith('http://192.0.2.9:7447/#join=0a1b', { doc: 'd', edits: ['x'.repeat(2_000_000)] })).toBe('http://192.0.2.9:7447/#join=0a1b');
  });

  it('is told from every other text', () => {
    for (const words of ['', 'KFT 482', 'http://192.0.2.9:7447', 'javascript:alert(1)#join=0a1b', 'http://x/#token=0a1b']) expect(linkWith(words, moved)).toBeNull();
    for (const hash of ['', '#join=0a1b', '#kept=d~AQ', '#join=0a1b&kept=d~<b>', '#join=0a1b&kept=%E0%A4%A~AQ']) expect(readMoved(hash)).toBeNull();
  });
});
