import type { ShareInterface } from '@bindings';
import { beforeEach, expect, test } from 'vitest';

import { agreedToPlain, agreeToPlain, usualInterface } from './share';

const at = (kind: string, address: string, name = 'eth0'): ShareInterface => ({ kind, address, name });

beforeEach(() => localStorage.clear());

test('the network that others reach is offered first', () => {
  const all = [at('loopback', '127.0.0.1'), at('tunnel', '10.8.0.2'), at('wired', 'fe80::1'), at('wired', '192.168.1.20')];
  expect(usualInterface(all)?.address, 'a wired network before a tunnel, an address that can be typed before one that cannot').toBe('192.168.1.20');
  expect(usualInterface([]), 'without a network there is none').toBeNull();
});

test('a choice without encryption is remembered for its network alone', () => {
  agreeToPlain('192.168.1.20');
  expect(agreedToPlain('192.168.1.77'), 'the same network').toBe(true);
  expect(agreedToPlain('192.168.2.20'), 'another one is asked about').toBe(false);
});
