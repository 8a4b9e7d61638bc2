/** What somebody did last: a kind of pointer (`mouse`, `touch`, `pen`), or `keyboard`. */
let last = '';

addEventListener('pointerdown', (event) => (last = event.pointerType), { capture: true, passive: true });
addEventListener('keydown', () => (last = 'keyboard'), { capture: true, passive: true });

/** Whether what happens now was done with a mouse. */
export function byMouse(): boolean {
  return last === 'mouse';
}

/** Whether what happens now was done with a key. */
export function byKeyboard(): boolean {
  return last === 'keyboard';
}
