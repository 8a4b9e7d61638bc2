/** The name of the lines in the style sheet. */
const NAME = 'concern';

/**
 * Draws lines under these words wherever they stand in a text that is read, without touching its elements. Gives what takes
 * the lines away. A browser that cannot do it shows none.
 */
export function underlineWords(host: Element, words: readonly string[]): () => void {
  if (typeof Highlight === 'undefined' || !('highlights' in CSS)) return () => undefined;
  const lines = CSS.highlights.get(NAME) ?? new Highlight();
  CSS.highlights.set(NAME, lines);
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.textContent ?? '';
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  for (const range of ranges) lines.add(range);
  return () => {
    for (const range of ranges) lines.delete(range);
  };
}
