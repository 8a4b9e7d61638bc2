import { afterEach, expect, test, vi } from 'vitest';
import { isOpenable } from './backend';
import { httpBackend } from './http';

const refused = [
  'javascript:alert(1)', 'JavaScript://example.org/%0aalert(1)', ' javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'file:///etc/passwd',
  'vbscript:x', 'blob:https://example.org/1', 'ftp://example.org/x', 'tel:112', 'smb://example.org/x', 'about:blank', '//example.org', 'example.org', 'https://', 'https:// x',
  'https://example.org/\njavascript:alert(1)', 'OPS-212', '',
];

afterEach(() => vi.unstubAllGlobals());

test('only addresses of the web and of mail are opened', () => {
  for (const address of ['https://example.org/x?y#z', 'http://10.0.0.7:8080/', 'HTTPS://EXAMPLE.ORG', 'mailto:ada@example.org']) expect(isOpenable(address), address).toBe(true);
  for (const address of refused) expect(isOpenable(address), JSON.stringify(address)).toBe(false);
});

test('a browser opens them in a page that knows nothing of this one, and refuses the rest', async () => {
  const open = vi.fn();
  vi.stubGlobal('open', open);
  for (const address of refused) await expect(httpBackend().openExternal(address), JSON.stringify(address)).rejects.toThrow('is not a web or mail address');
  expect(open).not.toHaveBeenCalled();
  await httpBackend().openExternal('https://example.org/');
  expect(open).toHaveBeenCalledWith('https://example.org/', '_blank', 'noopener,noreferrer');
});
