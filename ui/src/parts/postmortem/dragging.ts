/**
 * Where a dragged row would land: the index of the row below the gap. Over the lower half of the last row that is the
 * end of the list; every other row is landed on from above.
 */
export function landing(event: Pick<DragEvent, 'clientY'>, row: Pick<DOMRect, 'top' | 'height'>, index: number, count: number): number {
  return index === count - 1 && event.clientY > row.top + row.height / 2 ? count : index;
}
