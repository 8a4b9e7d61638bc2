import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ActionChanged, ActionRow, ActionSet } from '@bindings';
import { onKeyDown, run } from '../commands.svelte';
import { registerGlobalCommands } from '../global';
import { closeDialog, currentDialog } from '../state/dialogs.svelte';
import { prefs, setPref } from '../state/prefs.svelte';
import { replace } from '../state/router.svelte';
import { loadSession } from '../state/session.svelte';
import { currentToast, dismissToast, toast } from '../state/toasts.svelte';
import { anythingUnsaved } from '../state/unsaved.svelte';
import Actions from './Actions.svelte';

const desk = vi.hoisted(() => ({
  rows: [] as unknown[], sets: [] as unknown[], asked: [] as unknown[], opened: [] as string[], role: null as string | null,
  trackers: [{ id: 't', kind: 'jira', name: 'Ops', base: 'https://ops.example.org', project: '1', issue_type: '1', pattern: 'OPS-#', link: '' }],
}));

vi.mock('../backend', () => ({
  backend: {
    shell: 'browser', onChanged: () => () => undefined,
    call: (name: string, request: unknown) => Promise.resolve(answer(name, request)),
    openExternal: (url: string) => Promise.resolve(desk.opened.push(url)),
  },
  connected: () => Promise.resolve(), isOpenable: () => false, sentence: (error: unknown) => String(error),
}));

function rows(): ActionRow[] {
  return desk.rows as ActionRow[];
}

function answer(name: string, request: unknown): unknown {
  switch (name) {
    case 'session':
      return { me: { id: 'me', name: 'Cathy' }, timezone: 'UTC', first_run: false, account: desk.role === null ? null : { id: 'a', role: desk.role } };
    case 'directory':
      return { directory: { people: [{ id: 'me', name: 'Cathy', short_name: '', handle: '', role_title: '', left: false }], services: [], trackers: desk.trackers }, open_actions: { me: rows().filter((row) => row.status !== 'done').length } };
    case 'action_list':
      desk.asked.push(request);
      return { rows: rows(), total: rows().length, groups: [], open: rows().filter((row) => row.status !== 'done').length, done: 0, today: '2026-11-16' };
    case 'action_set': {
      const set = request as ActionSet;
      desk.sets.push(set);
      const row = rows().find((each) => each.id === set.id);
      if (row === undefined) throw new Error('no such row');
      const undo: ActionSet = { doc: set.doc, id: set.id };
      if (set.status !== undefined) undo.status = row.status;
      if (set.priority !== undefined) undo.priority = row.priority ?? '';
      if (set.status !== undefined) row.status = set.status;
      if (set.evidence_skipped !== undefined) row.evidence_skipped = set.evidence_skipped;
      if (set.due !== undefined) row.due = set.due;
      if (set.evidence !== undefined) row.evidence = set.evidence;
      if (set.ticket !== undefined) {
        undo.ticket = row.ticket;
        row.ticket = set.ticket;
      }
      return { row: { ...row }, undo } satisfies ActionChanged;
    }
    case 'ticket_draft':
      return { title: '', markdown: '', issues: [{ tracker: 't', name: 'Ops', address: `https://ops.example.org/new?title=${(request as { id: string }).id}`, shortened: false }] };
    default:
      return {};
  }
}

function row(id: string, more: Partial<ActionRow> = {}): ActionRow {
  return {
    doc: 'd', doc_title: 'Login page outage', severity: 'SEV2', trashed: false, id, number: 1, text: `Item ${id}`, done_when: '', owner: 'me', owner_name: 'Cathy',
    due: '2026-11-17', priority: null, type: null, status: 'open', settled_at: null, evidence: '', team: '', services: [], doc_status: 'in_review', evidence_image: null, evidence_skipped: false, reason: '', check_on: null, moves: 0, reopened: 0, verified: false, ticket: '', findings: [], ...more,
  };
}

async function press(key: string, more: KeyboardEventInit = {}): Promise<void> {
  const at = document.activeElement ?? document.body;
  const went = at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  // A browser does this by itself.
  if (went && key === ' ' && at instanceof HTMLInputElement && at.type === 'checkbox') at.click();
  await tick();
}

const status = () => rows().map((each) => each.status).join(' ');
const focused = () => document.activeElement?.closest('.task')?.getAttribute('data-key');

registerGlobalCommands();
window.addEventListener('keydown', onKeyDown);
// What jsdom does not have.
Element.prototype.scrollIntoView = () => undefined;
vi.stubGlobal('CSS', { escape: (text: string) => text });

async function open(some: ActionRow[]): Promise<void> {
  desk.rows = some;
  desk.sets.length = 0;
  render(Actions, { person: null });
}

beforeEach(() => {
  setPref('actions', 'mine');
  setPref('singleKeys', true);
  setPref('narrow', { priorities: [], services: [], unowned: false, accepted: false });
});
afterEach(() => dismissToast());

test('Space ticks off and asks at once what shows it: the arrows go on from there, and Ctrl Z takes the tick back', async () => {
  await open([row('a'), row('b'), row('c')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press(' ');
  expect(document.activeElement, 'what is typed next is what shows it').toBe(screen.getByLabelText('What shows that it is done: Item a'));
  await press('d');
  expect(screen.queryByRole('combobox', { name: 'Due', hidden: true }), 'no letter acts on the row').toBeNull();
  await press('ArrowDown');
  expect(focused(), 'without a word the arrows go on through the list').toBe('d/b');
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done done open'));
  await vi.waitFor(() => expect(currentToast()?.text).toBe('Done: Item b'));
  await press('z', { ctrlKey: true });
  await vi.waitFor(() => expect(status(), 'nothing was typed, so that the tick is what goes').toBe('done open open'));
  await press('z', { ctrlKey: true });
  await vi.waitFor(() => expect(status(), 'Ctrl Z goes on after the message has gone').toBe('open open open'));
  await press('y', { ctrlKey: true });
  await vi.waitFor(() => expect(status()).toBe('done open open'));
});

test('back on the row, Space takes the tick back and E goes to what shows it', async () => {
  await open([row('a')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done'));
  screen.getByRole('checkbox', { name: 'Done: Item a' }).focus();
  await press('e');
  expect(document.activeElement).toBe(screen.getByLabelText('What shows that it is done: Item a'));
  screen.getByRole('checkbox', { name: 'Done: Item a' }).focus();
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('open'));
});

test('of several that are ticked off, the row that has the keys asks', async () => {
  await open([row('a'), row('b'), row('c')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('J', { shiftKey: true });
  await press(' ');
  expect(document.activeElement).toBe(screen.getByLabelText('What shows that it is done: Item b'));
});

test('Space leaves a declined item declined', async () => {
  await open([row('a', { status: 'declined', reason: 'Replaced' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press(' ');
  expect(desk.sets).toEqual([]);
});

test('Shift extends the selection, and one key acts on all of it as one step', async () => {
  await open([row('a'), row('b'), row('c')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('J', { shiftKey: true });
  expect(screen.getByText('2 items selected')).toBeTruthy();
  expect(screen.getByRole('group', { name: 'Selected: Item a' })).toBeTruthy();
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done done open'));
  await vi.waitFor(() => expect(currentToast()?.text).toBe('Done: 2 items'));
  await press('z', { ctrlKey: true });
  await vi.waitFor(() => expect(status()).toBe('open open open'));
  await press('Escape');
  expect(screen.queryByText('2 items selected')).toBeNull();
});

test('Escape lets go of the selection, then of what narrows the list, and stays there', async () => {
  setPref('narrow', { priorities: ['P1'], services: [], unowned: false, accepted: false });
  replace({ name: 'actions' });
  await open([row('a'), row('b')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('J', { shiftKey: true });
  await press('Escape');
  expect(screen.queryByText('2 items selected')).toBeNull();
  expect(prefs().narrow.priorities, 'one thing at a time').toEqual(['P1']);
  await press('Escape');
  expect(prefs().narrow.priorities).toEqual([]);
  await press('Escape');
  expect(location.hash, 'nobody is led away').toBe('#/actions');
});

test('a selection that is partly done is ticked off, and what was done stays ticked', async () => {
  await open([row('a'), row('b', { status: 'done' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('J', { shiftKey: true });
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done done'));
  expect(screen.getByLabelText<HTMLInputElement>('Done: Item b').checked).toBe(true);
});

test('what is selected can be done, moved, given away and let go of together', async () => {
  await open([row('a'), row('b'), row('c', { status: 'declined', reason: 'Replaced' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  expect(screen.queryByRole('region', { name: 'Selected action items' }), 'one row alone has its own keys').toBeNull();
  await press('J', { shiftKey: true });
  await press('J', { shiftKey: true });
  expect(screen.getByRole('region', { name: 'Selected action items' }).textContent).toContain('3 selected');
  screen.getByRole('button', { name: 'Move date' }).click();
  await tick();
  expect(screen.getByRole('combobox', { name: 'Due', hidden: true }), 'the row that has the keys is settled, and another asks').toBeTruthy();
  await press('Enter');
  await vi.waitFor(() => expect(desk.sets.map((set) => (set as ActionSet).id), 'what is settled keeps its day').toEqual(['a', 'b']));
  screen.getByRole('button', { name: 'Assign' }).click();
  await tick();
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Find a person', hidden: true })));
  await press('Escape');
  screen.getByRole('button', { name: 'Done' }).click();
  await vi.waitFor(() => expect(status()).toBe('done done declined'));
  expect(screen.getByRole('button', { name: 'Open again' })).toBeTruthy();
  screen.getByRole('button', { name: 'Clear' }).click();
  await vi.waitFor(() => expect(screen.queryByRole('region', { name: 'Selected action items' })).toBeNull());
  expect(focused(), 'the keys go on in the list').toBe('d/c');
});

test('a selection goes when other items are shown', async () => {
  setPref('actions', 'everyone');
  await open([row('a'), row('b'), row('c')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('J', { shiftKey: true });
  expect(screen.getByText('2 items selected')).toBeTruthy();
  setPref('actions', 'mine');
  await vi.waitFor(() => expect(screen.queryByText('2 items selected')).toBeNull());
});

test('undo with nothing to take back on this screen takes back what the message says', async () => {
  await open([row('a')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  const undone = vi.fn();
  toast('Moved to the trash', { undo: undone });
  await press('z', { ctrlKey: true });
  await vi.waitFor(() => expect(undone).toHaveBeenCalledOnce());
  await press('z', { ctrlKey: true });
  await vi.waitFor(() => expect(currentToast()?.text).toBe('Nothing to undo'));
});

test('Shift and a press reach for a row', async () => {
  await open([row('a'), row('b'), row('c')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  screen.getByText('Item c').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }));
  await tick();
  expect(screen.getByText('3 items selected')).toBeTruthy();
});

test('what is not due this week waits until it is wanted', async () => {
  await open([row('a', { due: '2026-12-24' }), row('b', { due: null })]);
  await vi.waitFor(() => expect(screen.getByText('2 items are waiting for later.')).toBeTruthy());
  expect(screen.queryByText('Item a')).toBeNull();
  screen.getByRole('button', { name: 'Show later' }).click();
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
});

test('an item of a postmortem in the trash says so', async () => {
  await open([row('a', { trashed: true })]);
  await vi.waitFor(() => expect(screen.getByText('In the trash')).toBeTruthy());
});

test('evidence that was typed and not kept waits for whoever comes back', async () => {
  desk.rows = [row('a')];
  desk.sets.length = 0;
  const { unmount } = render(Actions, { person: null });
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done'));
  const field = screen.getByLabelText<HTMLInputElement>('What shows that it is done: Item a');
  field.value = 'https://wiki.example.org/drill';
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await tick();
  await press('Escape');
  expect([focused(), rows()[0]?.evidence_skipped], 'with words in it the field is left, and nothing is left out').toEqual(['d/a', false]);
  unmount();
  await open(rows());
  await vi.waitFor(() => expect(screen.getByRole('button', { name: 'Finish the evidence' })).toBeTruthy());
  screen.getByRole('button', { name: 'Finish the evidence' }).click();
  await tick();
  const again = screen.getByLabelText<HTMLInputElement>(/What shows that it is done\?/);
  expect(again.value).toBe('https://wiki.example.org/drill');
  again.form?.requestSubmit();
  await vi.waitFor(() => expect(desk.sets.at(-1)).toMatchObject({ evidence: 'https://wiki.example.org/drill' }));
  await vi.waitFor(() => expect(screen.getByText(/Evidence: https/)).toBeTruthy());
  expect(anythingUnsaved(), 'it is kept').toBe(false);
});

test('the menu of people counts what is open now', async () => {
  await open([row('a'), row('b')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done open'));
  screen.getByRole('button', { name: /^Person/ }).click();
  await vi.waitFor(() => expect(screen.getByRole('option', { name: /Cathy/, hidden: true }).textContent).toContain('1'));
});

test('leaving evidence out is stored and shown', async () => {
  await open([row('a')]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press(' ');
  await vi.waitFor(() => expect(status()).toBe('done'));
  await press('Escape');
  await vi.waitFor(() => expect(screen.getByText('Done without evidence')).toBeTruthy());
  expect((desk.sets.at(-1) as ActionSet).evidence_skipped).toBe(true);
  expect(screen.getByRole('button', { name: 'Add evidence' }), 'it can still be added').toBeTruthy();
});

test('a day that moves before the review is over says why no reason is asked', async () => {
  await open([row('a'), row('b', { due: null })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('d');
  expect(screen.getByText('Its review is not over: the date moves without a reason.')).toBeTruthy();
  await press('Escape');
  run('list.last');
  await vi.waitFor(() => expect(focused()).toBe('d/b'));
  await press('d');
  expect(screen.queryByText(/review is not over/), 'a first day is no move').toBeNull();
});

test('a day that moves after the review asks for the reason', async () => {
  await open([row('a', { doc_status: 'follow_up' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  await press('j');
  await press('d');
  await press('Enter');
  const field = await vi.waitFor(() => screen.getByLabelText<HTMLInputElement>(/Why does it move/));
  expect(desk.sets, 'nothing yet').toEqual([]);
  field.value = 'The supplier is late';
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  field.form?.requestSubmit();
  await vi.waitFor(() => expect((desk.sets[0] as ActionSet | undefined)?.move_reason).toBe('The supplier is late'));
});

test('Y and N answer whether it worked, where that is asked', async () => {
  await open([row('a', { status: 'done', settled_at: '2026-10-01T09:00:00Z', check_on: '2026-11-01' })]);
  await vi.waitFor(() => expect(screen.getByText('Did it work?')).toBeTruthy());
  await press('j');
  await press('n');
  await vi.waitFor(() => expect(screen.getByLabelText(/It did not work/)).toBeTruthy());
  await press('Escape');
  await press('y');
  await vi.waitFor(() => expect(screen.getByLabelText(/It worked/)).toBeTruthy());
});

test('T leads to a filled-in issue of a tracker, and keys of that tracker are links', async () => {
  await open([row('a'), row('b', { ticket: 'ops-7' }), row('c', { ticket: 'mailto:ada@example.org' })]);
  await vi.waitFor(() => expect(screen.getByRole('link', { name: 'ops-7' }).getAttribute('href')).toBe('https://ops.example.org/browse/OPS-7'));
  expect(screen.queryByRole('link', { name: 'mailto:ada@example.org' }), 'a ticket is an address of the web or none').toBeNull();
  await press('j');
  await press('t');
  const button = await screen.findByRole('button', { name: 'New issue in Ops', hidden: true });
  button.click();
  await tick();
  expect(desk.opened).toEqual(['https://ops.example.org/new?title=a']);
  expect(document.activeElement, 'the key of the new issue is asked for').toBe(screen.getByRole('textbox', { name: 'Ticket', hidden: true }));
  expect(screen.getByText('When it is made in Ops, put its key or address here.')).toBeTruthy();
});

test('tickets that are pasted back are one step of undo', async () => {
  await open([row('a'), row('b'), row('c', { ticket: 'OPS-1' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  expect(run('tickets.paste')).toBe(true);
  const dialog = currentDialog();
  if (dialog?.name !== 'tickets') throw new Error('the dialog was not opened');
  expect(dialog.props.items.map((item) => item.id)).toEqual(['a', 'b', 'c']);
  dialog.props.onset([{ doc: 'd', id: 'a', ticket: 'OPS-2' }, { doc: 'd', id: 'b', ticket: 'OPS-3' }]);
  closeDialog();
  const tickets = () => rows().map((each) => each.ticket);
  await vi.waitFor(() => expect(currentToast()?.text).toBe('2 tickets kept'));
  expect(tickets()).toEqual(['OPS-2', 'OPS-3', 'OPS-1']);
  await press('z', { ctrlKey: true });
  await vi.waitFor(() => expect(tickets()).toEqual(['', '', 'OPS-1']));
});

test('accepted risks can be shown alone, however old, each with its reason', async () => {
  setPref('actions', 'everyone');
  await open([row('a'), row('b', { status: 'declined', reason: 'The queue goes away in spring' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  expect(run('actions.accepted')).toBe(true);
  await vi.waitFor(() => expect(desk.asked.at(-1), 'those that were declined, and no matter when').toMatchObject({ statuses: ['declined'], settled_since: null }));
  expect(prefs().narrow.accepted, 'it stays so on this device').toBe(true);
  expect(screen.getByText('Accepted risk: The queue goes away in spring')).toBeTruthy();
  screen.getByRole('button', { name: 'Clear' }).click();
  await vi.waitFor(() => expect(desk.asked.at(-1), 'and all are asked for again').toMatchObject({ statuses: [], settled_since: '2026-09-01' }));
});

test('a viewer reads and is offered nothing that would be refused', async () => {
  desk.role = 'viewer';
  setPref('actions', 'everyone');
  await loadSession();
  await open([row('a', { ticket: 'see the board' }), row('b', { status: 'done' })]);
  await vi.waitFor(() => expect(screen.getByText('Item a')).toBeTruthy());
  const task = screen.getByRole('group', { name: 'Item a' });
  expect(task.textContent, 'all is there to read').toMatch(/Cathy.*see the board.*Tomorrow/);
  expect([...task.querySelectorAll('button, input')].map((each) => each.getAttribute('aria-label')), 'the menu alone can be pressed').toEqual(['More about Item a']);
  expect(screen.getByRole('img', { name: 'Done' })).toBeTruthy();
  await press('j');
  expect(focused(), 'the keys go through the list all the same').toBe('d/a');
  await press(' ');
  await press('d');
  expect(desk.sets).toEqual([]);
  expect(screen.queryByRole('combobox', { name: 'Due', hidden: true })).toBeNull();
  desk.role = null;
  await loadSession();
});
