import { expect, test, vi } from 'vitest';

const calls: string[] = [];
const settle: (() => void)[] = [];

vi.mock('@tauri-apps/api/core', () => ({
  Channel: class {},
  convertFileSrc: (path: string) => path,
  invoke: (command: string) => {
    calls.push(command);
    if (command === 'doc_open') return Promise.resolve(7);
    if (command === 'doc_send') return new Promise<void>((resolve) => settle.push(resolve));
    // As a shell passes errors on: as plain data.
    if (command === 'rpc') return Promise.reject({ code: 'refused', message: 'You are no longer in this review.', field: 'room' });
    return Promise.resolve();
  },
}));
vi.mock('@tauri-apps/api/event', () => ({ listen: () => Promise.resolve() }));

const { tauriBackend } = await import('./tauri');
const { isForGuests, onRoomLeft } = await import('./guest');
const { NotJoined } = await import('./backend');
const turn = () => new Promise((resolve) => setTimeout(resolve));

test('closing a pipe first sends what was handed to it, one batch at a time', async () => {
  const pipe = tauriBackend().openDocument('doc', { message: () => undefined, open: () => undefined, closed: () => undefined });
  await turn();
  pipe.send(new Uint8Array([1]));
  pipe.send(new Uint8Array([0, 2, 3]));
  pipe.close();
  pipe.close();
  await turn();
  expect(calls).toEqual(['doc_open', 'doc_send']);
  settle.shift()?.();
  await turn();
  expect(calls).toEqual(['doc_open', 'doc_send', 'doc_send']);
  settle.shift()?.();
  await turn();
  expect(calls).toEqual(['doc_open', 'doc_send', 'doc_send', 'doc_close']);
});

test('a window in a room hears when it is in it no longer', async () => {
  const left = vi.fn();
  const stop = onRoomLeft(left);
  await expect(tauriBackend().call('session', {})).rejects.not.toBeInstanceOf(NotJoined);
  expect(left, 'at home there is no room').not.toHaveBeenCalled();

  Object.assign(window, { __TAURI_INTERNALS__: {} });
  history.replaceState(null, '', '/?room#/postmortem/x/review');
  expect(isForGuests()).toBe(true);
  await expect(tauriBackend().call('session', {})).rejects.toBeInstanceOf(NotJoined);
  expect(left).toHaveBeenCalledOnce();
  stop();
  history.replaceState(null, '', '/');
  Reflect.deleteProperty(window, '__TAURI_INTERNALS__');
  expect(isForGuests()).toBe(false);
});
