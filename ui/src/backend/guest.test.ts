import { afterEach, describe, expect, it, vi } from 'vitest';
import { NotJoined } from './backend';
import { onRoomLeft, readSecret } from './guest';
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
