import { afterEach, describe, expect, it, vi } from 'vitest';
import { NotSignedIn } from './backend';
import { acceptInvitation, call, lookAtInvitation, signOut } from './http';
import { deviceName, isForTeam, onInvitation, onSignedOut, readInvitation, readPasted, takeInvitation } from './team';

function answer(status: number, body: unknown): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status });
}

function forTeam(): void {
  const mark = document.createElement('meta');
  mark.name = 'debrief-team';
  document.head.append(mark);
}

afterEach(() => {
  vi.unstubAllGlobals();
  document.head.querySelector('meta[name="debrief-team"]')?.remove();
  history.replaceState(null, '', '/');
});

describe('the link of an invitation', () => {
  it('holds a secret, with or without the fingerprint of a certificate', () => {
    expect(readInvitation('#invitation=0a1b')).toBe('0a1b');
    expect(readInvitation('#invitation=0a1b&fp=ff')).toBe('0a1b');
    for (const hash of ['', '#/postmortems', '#join=0a1b', '#token=0a1b', '#invitation=', '#invitation=<b>']) expect(readInvitation(hash), hash).toBeNull();
  });

  it('is taken out of the address bar', () => {
    history.replaceState(null, '', '/#invitation=0a1b&fp=ff');
    expect(takeInvitation()).toBe('0a1b');
    expect(location.hash, 'nobody who looks over a shoulder or into the history sees it').toBe('#/postmortems');
    expect(takeInvitation()).toBeNull();
  });

  it('is noticed while the page is open', () => {
    const opened = vi.fn();
    const stop = onInvitation(opened);
    history.replaceState(null, '', '/#invitation=0a1b');
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    history.replaceState(null, '', '/#/actions');
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    stop();
    expect(opened.mock.calls).toEqual([['0a1b']]);
    expect(location.hash).toBe('#/actions');
  });

  it('may be pasted with words around it', () => {
    expect(readPasted('Here you are: https://debrief.example/#invitation=0a1b&fp=ff, see you', 'https://debrief.example')).toEqual({ type: 'here', secret: '0a1b' });
  });

  it('goes to nobody but the server that it is for', () => {
    expect(readPasted('https://other.example:8443/#invitation=0a1b', 'https://debrief.example')).toEqual({
      type: 'elsewhere', link: 'https://other.example:8443/#invitation=0a1b', host: 'other.example:8443',
    });
    for (const words of ['', '0a1b', 'https://debrief.example/', 'https://debrief.example/#join=0a1b', 'javascript:alert(1)#invitation=0a1b']) {
      expect(readPasted(words, 'https://debrief.example'), words).toEqual({ type: 'none' });
    }
  });
});

describe('coming in', () => {
  it('looks at an invitation, accepts it under a name, and goes again', async () => {
    const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
    fetched.mockResolvedValueOnce(answer(200, { workspace: 'Team', name: '', known: false, role: 'member' })).mockResolvedValueOnce(answer(204, null)).mockResolvedValueOnce(answer(204, null));
    vi.stubGlobal('fetch', fetched);
    expect((await lookAtInvitation('0a1b')).role).toBe('member');
    await acceptInvitation({ secret: '0a1b', name: 'Debby', device: 'Firefox on Linux' });
    await signOut();
    expect(fetched.mock.calls.map(([path, init]) => [path, init.body])).toEqual([
      ['invitation/look', '{"secret":"0a1b"}'],
      ['invitation/accept', '{"secret":"0a1b","name":"Debby","device":"Firefox on Linux"}'],
      ['sign-out', '{}'],
    ]);
  });

  it('tells which field is wrong, and what has become of the invitation', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer(422, { code: 'invalid', message: 'There is somebody called Debby already.', field: 'name' })));
    await expect(acceptInvitation({ secret: 's', name: 'Debby', device: '' })).rejects.toMatchObject({ field: 'name' });
    vi.stubGlobal('fetch', () => Promise.resolve(answer(403, { code: 'refused', message: 'This invitation was used.', field: null })));
    await expect(lookAtInvitation('s')).rejects.toMatchObject({ code: 'refused', message: 'This invitation was used.' });
  });
});

describe('a browser that is not signed in', () => {
  it('is told so, and whoever shows it is, too', async () => {
    forTeam();
    expect(isForTeam()).toBe(true);
    vi.stubGlobal('fetch', () => Promise.resolve(answer(401, { code: 'refused', message: 'No.', field: null })));
    const out = vi.fn();
    const stop = onSignedOut(out);
    await expect(call('session', {})).rejects.toBeInstanceOf(NotSignedIn);
    expect(out).toHaveBeenCalledOnce();
    stop();
  });

  it('is something else where the workspace is served to nobody', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer(401, 'no')));
    const out = vi.fn();
    const stop = onSignedOut(out);
    await expect(call('session', {})).rejects.not.toBeInstanceOf(NotSignedIn);
    expect(out).not.toHaveBeenCalled();
    stop();
  });
});

describe('what a device calls itself', () => {
  it('is its browser and its system', () => {
    const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit';
    expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0')).toBe('Firefox on Linux');
    expect(deviceName(`${mac}/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36`)).toBe('Chrome on a Mac');
    expect(deviceName(`${mac}/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15`)).toBe('Safari on a Mac');
    expect(deviceName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0')).toBe('Edge on Windows');
    expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Mobile Safari/604.1')).toBe('Chrome on an iPhone');
    expect(deviceName('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36')).toBe('Chrome on Android');
  });

  it('is as little as is known', () => {
    expect(deviceName('')).toBe('A browser');
  });
});
