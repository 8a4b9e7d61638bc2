/** How the phase bar is laid out: segments to scale, their names above them in as many rows as it takes. */

/** Room between two segments, in pixels. */
export const GAP = 3;
/** Least width of a segment, in pixels. */
export const LEAST = 4;
/** Rows of names at most; a name that finds no room is left to the picture's description. */
const MOST_LANES = 4;

/** A stretch of the bar, as it goes in. */
export interface Stretch {
  /** Share of the whole. */
  share: number;
  /** Least width, in pixels. */
  least: number;
  /** Width of its name with its length, in pixels; 0 without one. */
  name: number;
  /** Width of the time under its beginning, in pixels; 0 without one. */
  foot: number;
  /** Width of the time under its end, in pixels; 0 without one. */
  end: number;
}

/** A stretch of the bar, as it is drawn. All in pixels. */
export interface Placed {
  /** From the left edge of the bar. */
  left: number;
  width: number;
  /** The row its name stands in, counted from the bar up; -1 where there is no room for it. */
  lane: number;
  /** Where the name begins, from the left edge of the stretch: not 0 where it would leave the bar on the right. */
  nudge: number;
  /** Whether the time under its beginning has room. */
  footed: boolean;
  /** Whether the time under its end has. */
  ended: boolean;
}

/** Shares of the room with a least width each: what the small ones need is taken from the large ones. */
function widths(stretches: readonly Stretch[], room: number): number[] {
  const small = new Set<number>();
  for (;;) {
    const taken = [...small].reduce((sum, i) => sum + (stretches[i]?.least ?? 0), 0);
    const shares = stretches.reduce((sum, one, i) => (small.has(i) ? sum : sum + one.share), 0);
    const unit = shares > 0 ? Math.max(0, room - taken) / shares : 0;
    const before = small.size;
    stretches.forEach((one, i) => {
      if (!small.has(i) && one.share * unit < one.least) small.add(i);
    });
    if (small.size === before) return stretches.map((one, i) => (small.has(i) ? one.least : one.share * unit));
  }
}

/** Lays the stretches out in a bar of so many pixels. */
export function layOut(stretches: readonly Stretch[], room: number): Placed[] {
  const sizes = widths(stretches, room - GAP * Math.max(0, stretches.length - 1));
  const lanes: number[] = [];
  let left = 0;
  let footEnd = 0;
  return stretches.map((stretch, i) => {
    const width = sizes[i] ?? 0;
    const at = left;
    left += width + GAP;
    const begin = Math.max(0, Math.min(at, room - stretch.name));
    let lane = -1;
    if (stretch.name > 0) {
      lane = lanes.findIndex((end) => end <= begin);
      if (lane < 0 && lanes.length < MOST_LANES) lane = lanes.length;
      if (lane >= 0) lanes[lane] = begin + stretch.name;
    }
    const footed = stretch.foot > 0 && at >= footEnd && at + stretch.foot <= room;
    if (footed) footEnd = at + stretch.foot;
    const ended = stretch.end > 0 && at + width - stretch.end >= footEnd;
    return { left: at, width, lane, nudge: begin - at, footed, ended };
  });
}
