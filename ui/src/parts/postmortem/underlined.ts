/** The name of the lines in the style sheet. */
const NAME = 'concern';

/**
 * Draws lines under these words wherever they stand as words of their own in a text that is read, without touching its
 * elements. Gives what takes the lines away. A browser that cannot do it shows none.
 */
export function underlineWords(host: Element, words: readonly string[]): () => void {
  if (typeof Highlight === 'undefined' || !('highlights' in CSS)) return () => undefined;
  const lines = CSS.highlights.get(NAME) ?? new Highlight();
  CSS.highlights.set(NAME, lines);
  const ranges: Range[] = [];
  const wanted = words.filter((word) => word !== '').map((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'));
  const texts = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.textContent ?? '';
    for (const word of wanted) {
      for (const { index, 0: found } of text.matchAll(word)) {
        const range = new Range();
        range.setStart(node, index);
        range.setEnd(node, index + found.length);
        ranges.push(range);
      }
    }
  }
  for (const range of ranges) lines.add(range);
  return () => {
    for (const range of ranges) lines.delete(range);
  };
}
