import { describe, expect, it } from 'vitest';
import { packFrames, unpackFrames } from './frames';

describe('batches of the document pipe', () => {
  it('come apart as they were put together', () => {
    const frames = [new Uint8Array([1, 2, 3]), new Uint8Array(), new Uint8Array(300).fill(7)];
    expect(unpackFrames(packFrames(frames))).toEqual({ frames, closed: null });
  });

  it('carry the reason of a closed pipe', () => {
    const reason = new TextEncoder().encode('This document went to the trash.');
    const batch = new Uint8Array([...packFrames([new Uint8Array([9])]), 255, 255, 255, 255, ...reason]);
    expect(unpackFrames(batch)).toEqual({ frames: [new Uint8Array([9])], closed: 'This document went to the trash.' });
  });

  it('close the pipe when they end too early', () => {
    expect(unpackFrames(new Uint8Array([5, 0, 0, 0, 1])).closed).not.toBeNull();
    expect(unpackFrames(new Uint8Array([5, 0])).closed).not.toBeNull();
  });
});
