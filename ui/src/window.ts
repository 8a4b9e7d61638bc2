/** The part of a long list that is drawn, and the space that stands for the rest, in px. */
export interface Slice {
  /** First row that is drawn. */
  from: number;
  /** One past the last row that is drawn. */
  to: number;
  /** Height of what is left out above. */
  above: number;
  /** Height of what is left out below. */
  below: number;
}

/** Where each row begins, in px, when some rows carry a heading; one more entry than rows: the end. */
export function offsets(rows: number, rowHeight: number, headHeight: number, hasHead: (row: number) => boolean): Float64Array {
  const starts = new Float64Array(rows + 1);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    starts[row] = at;
    at += rowHeight + (hasHead(row) ? headHeight : 0);
  }
  starts[rows] = at;
  return starts;
}

/** The rows between two heights, with `spare` rows more on both sides. */
export function slice(starts: Float64Array, top: number, bottom: number, spare: number): Slice {
  const rows = starts.length - 1;
  const from = Math.max(0, rowAt(starts, top) - spare);
  const to = Math.min(rows, rowAt(starts, bottom) + 1 + spare);
  const end = starts[rows] ?? 0;
  return { from, to, above: starts[from] ?? 0, below: Math.max(0, end - (starts[to] ?? end)) };
}

/** The row that lies at a height; the nearest one beyond the ends. */
export function rowAt(starts: Float64Array, height: number): number {
  let low = 0;
  let high = Math.max(0, starts.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}
