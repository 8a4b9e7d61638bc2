import { afterEach, expect, test, vi } from 'vitest';

class Stream {
  static readonly CLOSED = 2;
  static readonly all: Stream[] = [];
  readyState = 0;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  constructor() {
    Stream.all.push(this);
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a session that could not be opened is tried again with the same link', async () => {
  history.replaceState(null, '', '#token=abc');
  const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
  fetched.mockRejectedValueOnce(new TypeError('offline')).mockResolvedValue(new Response('{}'));
  vi.stubGlobal('fetch', fetched);
  const { connected } = await import('./index');
  await expect(connected()).rejects.toThrow('does not answer');
  expect(location.hash).toBe('#token=abc');
  await connected();
  expect(fetched.mock.calls.map(([, init]) => init.body)).toEqual(['{"token":"abc"}', '{"token":"abc"}']);
  expect(location.hash).toBe('#/postmortems');
});

test('a stream of changes that was refused is asked for again, and then everything is loaded again', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Stream);
  const { httpBackend } = await import('./http');
  const changed = vi.fn();
  httpBackend().onChanged(changed);
  const first = Stream.all[0];
  if (first === undefined) throw new Error('no stream was asked for');
  first.readyState = Stream.CLOSED;
  first.onerror();
  await vi.advanceTimersByTimeAsync(5000);
  expect(Stream.all.length).toBe(2);
  Stream.all[1]?.onopen();
  expect(changed).toHaveBeenCalledWith({ type: 'directory' });
});
