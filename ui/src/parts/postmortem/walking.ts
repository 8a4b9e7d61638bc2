/** Walking through the rows of a postmortem's lists with the keys. */

/** The rows that are walked through, in the order of the page. */
const ROWS = '.tl-list > li[id], .find > li[id], .acts tr[id^="row-actions-"]';
/** What covers the top of the page, in pixels. */
const COVERED = 60;

/** The row that has the focus; of an action item also when the focus is in its details. */
export function focusedRow(): HTMLElement | null {
  const within = document.activeElement?.closest(`${ROWS}, .act-details`);
  const row = within?.matches('.act-details') === true ? within.previousElementSibling : within;
  return row instanceof HTMLElement ? row : null;
}

/** The action item that has the focus. */
export function focusedAction(): HTMLElement | null {
  const row = focusedRow();
  return row?.matches('tr') === true ? row : null;
}

/** Moves the focus by one row; without one to the first that is in sight. */
export function walk(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const from = focusedRow();
  const at = from === null ? rows.findIndex((row) => row.getBoundingClientRect().bottom > COVERED) : rows.indexOf(from) + by;
  const row = rows[at];
  if (row === undefined) return;
  row.scrollIntoView({ block: 'nearest' });
  row.querySelector<HTMLElement>('.c-check input, [data-keeps-focus]')?.focus({ preventScroll: true });
}

/** Opens or folds away the details of the row that has the focus; the keys stay at what does so. */
export function toggleDetails(): void {
  const handle = focusedRow()?.querySelector<HTMLElement>('[data-keeps-focus]');
  handle?.focus();
  handle?.click();
}
