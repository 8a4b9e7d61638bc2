import { describe, expect, it } from 'vitest';
import { LARGEST_JSON, LARGEST_MARKDOWN, lineOfFirstBadByte, readText, refusalBeforeReading, summary, type Outcome } from './read';

const file = (name: string, content: string | number[]) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  return { name, size: bytes.length, arrayBuffer: async () => bytes.slice().buffer as ArrayBuffer };
};

describe('files to import', () => {
  it('are refused by size and name before they are read', () => {
    expect(refusalBeforeReading({ name: 'a.md', size: LARGEST_MARKDOWN })).toBeNull();
    expect(refusalBeforeReading({ name: 'a.md', size: LARGEST_MARKDOWN + 1 })).toMatch(/16 MiB/);
    expect(refusalBeforeReading({ name: 'a.json', size: LARGEST_JSON })).toBeNull();
    expect(refusalBeforeReading({ name: 'a.json', size: LARGEST_JSON + 1 })).toMatch(/64 MiB/);
    expect(refusalBeforeReading({ name: 'a.json', size: 1024 ** 3 })).toMatch(/^This file has 1.0 GiB/);
    expect(refusalBeforeReading({ name: 'a.pdf', size: 10 })).toMatch(/neither/);
    expect(refusalBeforeReading({ name: 'A.MD', size: 10 })).toBeNull();
    expect(refusalBeforeReading({ name: 'a.md', size: 0 })).toMatch(/empty/);
  });

  it('give their text, without a byte order mark', async () => {
    expect(await readText(file('a.md', '# Zürich 👋\n'))).toEqual({ text: '# Zürich 👋\n' });
    expect(await readText(file('a.md', [0xef, 0xbb, 0xbf, 0x23]))).toEqual({ text: '#' });
  });

  it('are refused when they are not text, with the line', async () => {
    expect(await readText(file('a.md', [0x23, 0, 1]))).toEqual({ problem: expect.stringMatching(/not text/) });
    expect(await readText(file('a.md', [0xff, 0xfe, 0x23, 0]))).toEqual({ problem: expect.stringMatching(/UTF-16/) });
    expect(await readText(file('a.md', [0x61, 10, 0x61, 10, 0xe9, 10, 0x61]))).toEqual({ problem: expect.stringMatching(/^Line 3 is not UTF-8/) });
    expect(await readText({ name: 'a.md', size: 3, arrayBuffer: () => Promise.reject(new Error('gone')) })).toEqual({
      problem: expect.stringMatching(/could not be read/),
    });
  });

  it('find the bad line at the start, in the middle and at the very end', () => {
    const lines = Array.from({ length: 999 }, (_, index) => `line ${index} ü`).join('\n');
    const good = [...new TextEncoder().encode(lines)];
    expect(lineOfFirstBadByte(new Uint8Array([0xe9, 10, ...good]))).toBe(1);
    expect(lineOfFirstBadByte(new Uint8Array([...good, 10, 0xc3]))).toBe(1000);
  });

  it('are summed up in one sentence', () => {
    const one = (state: Outcome['state']): Outcome => ({ key: 0, name: '', state, doc: '', title: '', notes: [], problem: '' });
    expect(summary([one('reading')])).toBe('');
    expect(summary([one('made')])).toBe('1 file imported.');
    expect(summary([one('made'), one('made'), one('refused')])).toBe('2 files imported, 1 file could not be.');
    expect(summary([one('refused')])).toBe('1 file could not be imported. Nothing was made.');
  });
});
