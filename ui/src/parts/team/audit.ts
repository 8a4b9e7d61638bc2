/** Ids as Debrief makes them: nobody can read them, so they are shown as what they stand for or not at all. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the log adds to what was done, in words: ids of accounts by their names, other ids left out. */
export function readableWords(detail: string, names: ReadonlyMap<string, string>): string {
  return detail
    .split(', ')
    .map((word) => names.get(word) ?? (ID.test(word) ? '' : word))
    .filter((word) => word.trim() !== '')
    .join(', ');
}
