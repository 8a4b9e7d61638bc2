import type { ShareFound, ShareInterface } from '@bindings';
import { beforeEach, expect, test } from 'vitest';

import { agreedToPlain, agreeToPlain, interfaceName, Sharing, usualInterface } from './share.svelte';

const at = (kind: string, address: string, name = 'eth0'): ShareInterface => ({ kind, address, name });

beforeEach(() => localStorage.clear());

test('the network that others reach is offered first', () => {
  const all = [at('loopback', '127.0.0.1'), at('tunnel', '10.8.0.2'), at('wired', 'fe80::1'), at('wired', '192.168.1.20')];
  expect(usualInterface(all)?.address, 'a wired network before a tunnel, an address that can be typed before one that cannot').toBe('192.168.1.20');
  expect(usualInterface([]), 'without a network there is none').toBeNull();
});

test('networks have names that people know', () => {
  expect(interfaceName(at('wireless', '192.168.1.20', 'wlan0'))).toBe('Wi-Fi, 192.168.1.20');
  expect(interfaceName(at('other', '172.17.0.1', 'docker0')), 'what is unknown keeps its own name').toBe('docker0, 172.17.0.1');
});

test('a choice without encryption is remembered for its network alone', () => {
  agreeToPlain('192.168.1.20');
  expect(agreedToPlain('192.168.1.77'), 'the same network').toBe(true);
  expect(agreedToPlain('192.168.2.20'), 'another one is asked about').toBe(false);
});

test('another review that is shared is not this one', async () => {
  const share = { doc: 'other' } as NonNullable<ShareFound['share']>;
  const sharing = new Sharing('this', { call: () => Promise.resolve({ share } as never) });
  await sharing.load();
  expect(sharing.state, 'the card of one review must not let people into another').toBeNull();
});

test('why sharing did not start is a sentence', async () => {
  const sharing = new Sharing('this', { call: () => Promise.reject(new Error('The port is taken.')) });
  expect(await sharing.start('192.168.1.20', 'own')).toBe(false);
  expect(sharing.trouble).toBe('The port is taken.');
});
