import { afterEach, vi } from 'vitest';

// Vitest waits for a second, which a busy computer may need for anything.
const { waitFor } = vi;
vi.waitFor = (callback, options) => waitFor(callback, { timeout: 30_000, ...(typeof options === 'number' ? { timeout: options } : options) });

afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
});
