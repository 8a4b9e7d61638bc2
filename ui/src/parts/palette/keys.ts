import type { Command } from '../../commands.svelte';
import type { KeyPattern } from '../../keys';

/** One line of the sheet. */
export interface KeyLine {
  title: string;
  keys: readonly KeyPattern[];
}

/** Lines under one heading. */
export interface KeyGroup {
  name: string;
  lines: readonly KeyLine[];
  /** They work on the present screen. */
  here: boolean;
}

/** Keys that no command stands for, or that belong to screens of their own: what the sheet shows wherever it is opened. */
const everywhere: readonly { name: string; lines: readonly KeyLine[] }[] = [
  {
    name: 'Text',
    lines: [
      { title: 'Finish writing', keys: ['Mod+Enter'] },
      { title: 'Name a person', keys: ['@'] },
      { title: 'Link a finding or an action item', keys: ['#'] },
      { title: 'Bold', keys: ['Mod+B'] },
      { title: 'Italic', keys: ['Mod+I'] },
      { title: 'Code', keys: ['Mod+E'] },
    ],
  },
  {
    name: 'Lists',
    lines: [
      { title: 'Move down', keys: ['J', 'ArrowDown'] },
      { title: 'Move up', keys: ['K', 'ArrowUp'] },
      { title: 'Open', keys: ['Enter'] },
      { title: 'To the first', keys: ['Home'] },
      { title: 'To the last', keys: ['End'] },
      { title: 'Move a postmortem to the trash', keys: ['Delete'] },
    ],
  },
  {
    name: 'Action items',
    lines: [
      { title: 'Tick off', keys: ['Space'] },
      { title: 'What shows that it is done', keys: ['E'] },
      { title: 'Due date', keys: ['D'] },
      { title: 'Owner', keys: ['O'] },
      { title: 'Priority', keys: ['P'] },
      { title: 'Ticket', keys: ['T'] },
      { title: 'Choose an owner in the list that O opens', keys: ['1–9'] },
      { title: 'Extend the selection down', keys: ['Shift+J', 'Shift+ArrowDown'] },
      { title: 'Extend the selection up', keys: ['Shift+K', 'Shift+ArrowUp'] },
      { title: 'Undo your last change', keys: ['Mod+Z'] },
      { title: 'Do it again', keys: ['Mod+Shift+Z', 'Mod+Y'] },
    ],
  },
  {
    name: 'Postmortem',
    lines: [
      { title: 'Add a timeline event', keys: ['T'] },
      { title: 'Add a finding', keys: ['F'] },
      { title: 'Add an action item', keys: ['A'] },
      { title: 'Park something', keys: ['P'] },
      { title: 'Owner of the action item that has the focus', keys: ['O'] },
      { title: 'Due date of the action item that has the focus', keys: ['D'] },
      { title: 'Choose an owner in the list that O opens', keys: ['1–9'] },
      { title: 'Move a finding or an action item', keys: ['Alt+ArrowUp', 'Alt+ArrowDown'] },
      { title: 'Undo your last edit', keys: ['Mod+Z'] },
      { title: 'Do it again', keys: ['Mod+Shift+Z', 'Mod+Y'] },
    ],
  },
  {
    name: 'Review',
    lines: [
      { title: 'Add a finding', keys: ['F'] },
      { title: 'Add an action item', keys: ['A'] },
      { title: 'Add a timeline event', keys: ['T'] },
      { title: 'Park something', keys: ['P'] },
      { title: 'Add what is written in the line', keys: ['Enter'] },
      { title: 'Change what the line adds', keys: ['Tab'] },
      { title: 'Close the parking lot, or leave the line', keys: ['Escape'] },
      { title: 'Next stage', keys: [']'] },
      { title: 'Stage before', keys: ['['] },
      { title: 'Next prompt', keys: ['.'] },
      { title: 'Prompt before', keys: [','] },
      { title: 'Show or hide the parking lot', keys: ['L'] },
      { title: 'Change between cockpit and room view', keys: ['V'] },
      { title: 'Next finding or action item', keys: ['J', 'ArrowDown'] },
      { title: 'Finding or action item before', keys: ['K', 'ArrowUp'] },
      { title: 'Group findings by theme', keys: ['G'] },
      { title: 'Choose an owner, or another numbered offer', keys: ['1–9'] },
      { title: 'Due date, then a number', keys: ['D'] },
      { title: 'Priority, then a number', keys: ['R'] },
      { title: 'What shows that it is done', keys: ['W'] },
      { title: 'Find an owner by name', keys: ['O'] },
      { title: 'Not doing it, because …', keys: ['X'] },
    ],
  },
  { name: 'Template', lines: [{ title: 'Save the template', keys: ['Mod+S'] }] },
];

/** Every key there is: those of the present screen first, then those of the others. */
export function keyGroups(commands: readonly Command[]): KeyGroup[] {
  const here = new Map<string, KeyLine[]>();
  for (const { title, keys, group } of commands) {
    if (keys === undefined || keys.length === 0) continue;
    const lines = here.get(group) ?? [];
    if (!lines.some((line) => line.keys.join() === keys.join())) lines.push({ title, keys });
    here.set(group, lines);
  }
  for (const { name, lines } of everywhere) {
    const own = here.get(name);
    // Text can be written on almost every screen; it stands with what works.
    if (own === undefined && name !== 'Text') continue;
    const known = new Set([...here.values()].flat().map((line) => line.keys.join()));
    here.set(name, [...(own ?? []), ...lines.filter((line) => name === 'Text' || !known.has(line.keys.join()))]);
  }
  const elsewhere = everywhere.filter(({ name }) => !here.has(name));
  return [...[...here].map(([name, lines]) => ({ name, lines, here: true })), ...elsewhere.map((group) => ({ ...group, here: false }))];
}
