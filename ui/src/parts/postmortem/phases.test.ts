import { expect, test } from 'vitest';

import { GAP, layOut, LEAST, type Stretch } from './phases';

const stretch = (share: number, name = 100): Stretch => ({ share, least: LEAST, name, foot: 44, end: 0 });

test('segments are to scale, with four pixels at least', () => {
  const [long, short, other] = layOut([stretch(0.799), stretch(0.001), stretch(0.2)], 606);
  expect(short?.width, 'a short phase is still to be seen').toBe(LEAST);
  expect((long?.width ?? 0) / (other?.width ?? 1), 'the others keep their proportion').toBeCloseTo(0.799 / 0.2, 5);
  expect((other?.left ?? 0) + (other?.width ?? 0), 'they fill the bar').toBeCloseTo(606, 5);
  expect(short?.left).toBeCloseTo((long?.width ?? 0) + GAP, 5);
});

test('names never overlap and never leave the bar', () => {
  const room = 600;
  const placed = layOut([stretch(0.01), stretch(0.02), stretch(0.9), stretch(0.02), stretch(0.05)], room);
  const boxes = placed.flatMap((one) => (one.lane < 0 ? [] : [{ lane: one.lane, from: one.left + one.nudge, to: one.left + one.nudge + 100 }]));
  expect(boxes, 'each has its place').toHaveLength(5);
  for (const box of boxes) {
    expect(box.from >= 0 && box.to <= room, 'within the bar').toBe(true);
    expect(boxes.filter((one) => one !== box && one.lane === box.lane && one.from < box.to && box.from < one.to), 'none in its way').toHaveLength(0);
  }
  expect(placed.filter((one) => one.footed).length, 'times under short phases give way').toBeLessThan(5);
});

test('the end of the incident is said also when its last phase begins too close to another', () => {
  const [first, last] = layOut([stretch(0.01), { ...stretch(0.99), end: 40 }], 600);
  expect([first?.footed, last?.footed, last?.ended]).toEqual([true, false, true]);
});

test('phases with room for their names stand in one row', () => {
  expect(layOut([stretch(0.4), stretch(0.3), stretch(0.3)], 600).map((one) => one.lane)).toEqual([0, 0, 0]);
});

test('more names than find room are left out rather than drawn over each other', () => {
  const placed = layOut(Array.from({ length: 12 }, () => stretch(1 / 12)), 120);
  expect(Math.max(...placed.map((one) => one.lane))).toBeLessThan(4);
  expect(placed.some((one) => one.lane < 0)).toBe(true);
});
