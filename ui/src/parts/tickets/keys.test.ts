import { expect, test } from 'vitest';
import type { Tracker } from '@bindings';
import shared from '../../../../src-tauri/crates/model/tests/fixtures/tickets.json';
import { keyLink, ticketLink, ticketName } from './keys';

const trackers = shared.trackers as Tracker[];

test('keys become links as in Rust', () => {
  for (const [ticket, link] of shared.links) expect(keyLink(ticket ?? '', trackers), `the link of ${JSON.stringify(ticket)}`).toBe(link);
  for (const { tracker, links } of shared.usual) {
    for (const [ticket, link] of links) expect(keyLink(ticket ?? '', [tracker as Tracker]), `the link of ${JSON.stringify(ticket)}`).toBe(link);
  }
});

test('only addresses of the web are opened', () => {
  expect(ticketLink('https://github.com/acme/login/issues/9', [])).toBe('https://github.com/acme/login/issues/9');
  expect(ticketLink(' OPS-212 ', trackers)).toBe('https://acme.atlassian.net/browse/OPS-212');
  for (const other of ['javascript:alert(1)', 'JAVASCRIPT://x\nalert(1)', 'data:text/html,x', 'file:///etc/passwd', 'mailto:a@b', 'https://', 'http:// x', 'https://me:secret@example.org/1', 'vbscript:x', 'ftp://x/y', 'OPS', '']) {
    expect(ticketLink(other, trackers), `${JSON.stringify(other)} is nothing to open`).toBeNull();
  }
});

test('an address is shown by its end', () => {
  expect(ticketName('https://github.com/acme/login/issues/9/')).toBe('9');
  expect(ticketName('https://linear.app/acme/issue/OPS-12/watch-the-queue'), 'the key, and not the words after it').toBe('OPS-12');
  expect(ticketName('OPS-212')).toBe('OPS-212');
});
