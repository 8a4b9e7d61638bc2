import { describe, expect, it } from 'vitest';
import { offsets, rowAt, slice } from './window';

describe('the drawn part of a long list', () => {
  const starts = offsets(10_000, 58, 40, (row) => row % 100 === 0);

  it('knows where rows begin', () => {
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBe(98);
    expect(starts[10_000]).toBe(10_000 * 58 + 100 * 40);
  });

  it('finds the row at a height', () => {
    expect(rowAt(starts, -5)).toBe(0);
    expect(rowAt(starts, 97)).toBe(0);
    expect(rowAt(starts, 98)).toBe(1);
    expect(rowAt(starts, 1e9)).toBe(9_999);
  });

  it('draws what is in view and spaces out the rest', () => {
    const part = slice(starts, 20_000, 20_900, 5);
    expect(part.to - part.from).toBeLessThan(30);
    const drawn = (starts[part.to] ?? 0) - (starts[part.from] ?? 0);
    expect(part.above + drawn + part.below).toBe(starts[10_000]);
  });

  it('is empty for an empty list', () => {
    expect(slice(offsets(0, 58, 40, () => false), 0, 900, 5)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
  });
});
