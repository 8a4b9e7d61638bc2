/** Shows the stages of the agenda in the height that is there: closer together where it is little, and no row of them cut. */

/** Rows around the one at `now` that fit into `height`, from the first to the last: first what comes, then what came before. */
export function wholeRows(rows: readonly { top: number; bottom: number }[], now: number, height: number): [number, number] {
  const fits = (first: number, last: number): boolean => {
    const [from, to] = [rows[first], rows[last]];
    return from !== undefined && to !== undefined && to.bottom - from.top <= height;
  };
  let [first, last] = [now, now];
  while (fits(first, last + 1)) last++;
  while (fits(first - 1, last)) first--;
  return [first, last];
}

/** Gives a list as much height as its whole rows take, with the present one (`aria-current`) among them. */
export function showWhole(list: HTMLElement): void {
  const around = list.parentElement;
  const tooHigh = (): boolean => list.scrollHeight > list.clientHeight + 1;
  list.style.maxHeight = '';
  around?.classList.remove('is-tight');
  if (!tooHigh()) return;
  around?.classList.add('is-tight');
  if (!tooHigh()) return;
  const rows = [...list.children].filter((row) => row instanceof HTMLElement);
  const places = rows.map((row) => ({ top: row.offsetTop, bottom: row.offsetTop + row.offsetHeight }));
  const now = rows.findIndex((row) => row.hasAttribute('aria-current'));
  const edge = Number.parseFloat(getComputedStyle(list).paddingTop) || 0;
  const [first, last] = wholeRows(places, Math.max(0, now), list.clientHeight - 2 * edge);
  const [from, to] = [places[first], places[last]];
  if (from === undefined || to === undefined) return;
  list.style.maxHeight = `${String(to.bottom - from.top + 2 * edge)}px`;
  list.scrollTop = from.top - edge;
}
