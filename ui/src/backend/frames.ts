/** A batch's marker that the pipe was closed; the rest of the batch is the reason in UTF-8. */
const CLOSED = 0xffff_ffff;

/** What a batch of the desktop's document pipe holds. */
export interface Batch {
  /** The frames in order. */
  frames: Uint8Array[];
  /** Why the pipe was closed (may be empty), or null while it is open. */
  closed: string | null;
}

/** Puts frames into one batch: each as its length (u32, little endian) and its bytes. */
export function packFrames(frames: readonly Uint8Array[]): Uint8Array {
  const size = frames.reduce((sum, frame) => sum + 4 + frame.length, 0);
  const batch = new Uint8Array(size);
  const view = new DataView(batch.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.length, true);
    batch.set(frame, at + 4);
    at += 4 + frame.length;
  }
  return batch;
}

/** Takes a batch apart. A batch that ends in the middle of a frame closes the pipe with a sentence. */
export function unpackFrames(batch: Uint8Array): Batch {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const frames: Uint8Array[] = [];
  let at = 0;
  while (at < batch.length) {
    if (at + 4 > batch.length) return { frames, closed: 'The window and its backend lost step.' };
    const length = view.getUint32(at, true);
    at += 4;
    if (length === CLOSED) return { frames, closed: new TextDecoder().decode(batch.subarray(at)) };
    if (at + length > batch.length) return { frames, closed: 'The window and its backend lost step.' };
    frames.push(batch.slice(at, at + length));
    at += length;
  }
  return { frames, closed: null };
}
