const tagRoles = {
  A: (e) => (e.hasAttribute('href') ? 'link' : ''), BUTTON: () => 'button', TEXTAREA: () => 'textbox',
  SELECT: (e) => (e.multiple || e.size > 1 ? 'listbox' : 'combobox'), H1: () => 'heading', H2: () => 'heading',
  H3: () => 'heading', H4: () => 'heading', TABLE: () => 'table', TR: () => 'row', TH: (e) => (e.scope === 'row' ? 'rowheader' : 'columnheader'),
  TD: () => 'cell', LI: () => 'listitem', UL: () => 'list', OL: () => 'list', NAV: () => 'navigation', MAIN: () => 'main', ASIDE: () => 'complementary',
  DIALOG: () => 'dialog', OPTION: () => 'option', SECTION: (e) => (e.ariaLabel || e.getAttribute('aria-labelledby') ? 'region' : ''), IMG: () => 'img',
  SUMMARY: () => 'button', FIELDSET: () => 'group',
  INPUT: (e) => ({ checkbox: 'checkbox', radio: 'radio', button: 'button', submit: 'button', search: 'searchbox', number: 'spinbutton', range: 'slider' })[e.type] ?? 'textbox',
};
const roleOf = (e) => {
  const own = e.getAttribute('role');
  if (own) return own;
  const byTag = tagRoles[e.tagName]?.(e) ?? '';
  return byTag || (e.isContentEditable && !e.parentElement?.isContentEditable ? 'textbox' : '');
};
const wordsOf = (e) => {
  // What is hidden from a screen reader is no part of a name: pictures of initials, keycaps.
  const copy = e.cloneNode(true);
  copy.querySelectorAll('[aria-hidden="true"], svg').forEach((hidden) => hidden.remove());
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  const words = [];
  while (texts.nextNode()) words.push(texts.currentNode.data);
  return words.join(' ').replace(/\s+/g, ' ').trim();
};
const nameOf = (e) => {
  const by = e.getAttribute('aria-labelledby');
  if (by) return by.split(/\s+/).map((id) => wordsOf(document.getElementById(id) ?? document.createElement('i'))).join(' ').trim();
  if (e.getAttribute('aria-label')) return e.getAttribute('aria-label');
  if (e.labels?.length) return [...e.labels].map(wordsOf).join(' ');
  if (e.tagName === 'IMG') return e.alt;
  return wordsOf(e) || e.title || e.getAttribute('placeholder') || '';
};
const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[aria-hidden="true"], [inert]')
  && (!document.querySelector('dialog:modal') || document.querySelector('dialog:modal').contains(e) || e.closest('[popover], [role="status"]'));
const find = (role, name) => {
  const all = [...document.querySelectorAll('*')].filter((e) => roleOf(e) === role && shown(e));
  const exact = all.filter((e) => nameOf(e) === name);
  return exact.length > 0 ? exact : all.filter((e) => nameOf(e).toLowerCase().includes(name.toLowerCase()));
};
