import { beforeEach, expect, test } from 'vitest';

import { focusedAction, toggleDetails, walk } from './walking';

const focused = () => document.activeElement?.id ?? '';

beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined;
  Element.prototype.getBoundingClientRect = () => ({ bottom: 100 }) as DOMRect;
  document.body.innerHTML = `
    <ol class="tl-list"><li class="tl-phase">Detection</li><li id="row-timeline-1"><button id="e1" data-keeps-focus>More</button></li></ol>
    <ol class="find"><li id="row-findings-1"><button id="f1" data-keeps-focus>F1</button></li></ol>
    <table class="acts"><tbody>
      <tr id="row-actions-1"><td class="c-check"><input id="a1" type="checkbox"></td><td><button id="more1" data-keeps-focus>More</button></td></tr>
      <tr class="act-details"><td><button id="inside">Delete</button></td></tr>
      <tr id="row-actions-2"><td class="c-check"><input id="a2" type="checkbox"></td><td><button data-keeps-focus>More</button></td></tr>
    </tbody></table>`;
});

test('the keys walk through events, findings and action items, and stop at the ends', () => {
  const way = [1, 1, 1, 1, 1, -1, -1].map((by) => {
    walk(by as 1 | -1);
    return focused();
  });
  expect(way).toEqual(['e1', 'f1', 'a1', 'a2', 'a2', 'a1', 'f1']);
});

test('the details of an action item belong to its row', () => {
  document.getElementById('inside')?.focus();
  expect(focusedAction()?.id).toBe('row-actions-1');
  walk(1);
  expect(focused()).toBe('a2');
});

test('Enter opens the details, wherever in the row the focus is', () => {
  let opened = 0;
  document.getElementById('more1')?.addEventListener('click', () => opened++);
  document.getElementById('a1')?.focus();
  toggleDetails();
  expect([opened, focused()]).toEqual([1, 'more1']);
});
