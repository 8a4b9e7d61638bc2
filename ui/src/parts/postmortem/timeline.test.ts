import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import Timeline from './Timeline.svelte';

const { call, putBlob } = vi.hoisted(() => ({ call: vi.fn(), putBlob: vi.fn() }));
vi.mock('@ui/backend', () => ({
  backend: { call, putBlob, blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

let doc: PostmortemDocument;
let ids: string[];

const at = (minute: number) => ({ at: `2026-11-10T15:${String(minute).padStart(2, '0')}:00Z`, zone: 'UTC', precision: 'exact' as const });
const moment = (minute: number) => ({ type: 'moment', ...at(minute), shown: 'that time' });
const add = (minute: number, phase: 'detection' | 'response', text: string) => doc.add('an event', 'timeline', { fields: { at: at(minute), phase }, texts: { text } });
const row = (id: string) => document.getElementById(`row-timeline-${id}`);
const type = (field: HTMLElement, words: string) => {
  (field as HTMLInputElement).value = words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined;
  call.mockReset();
  doc = new PostmortemDocument();
  doc.editHeader('the zone', { timezone: 'UTC' });
  ids = [add(10, 'detection', 'one'), add(20, 'detection', 'two'), add(30, 'response', 'three')];
});

function show() {
  const open = { id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() };
  return render(Timeline, { context: new Map([[POSTMORTEM, new PostmortemContext(open as never)]]) });
}

async function compose() {
  screen.getByText('Add event').click();
  await tick();
  await tick();
  return { time: screen.getByLabelText(/^Time of the new event/), text: screen.getByLabelText('What happened') };
}

const submit = () => document.querySelector('form.composer')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));

test('a row in which somebody writes stays when another event comes before it in its phase', async () => {
  show();
  const mine = row(ids[0] ?? '');
  mine?.querySelector<HTMLElement>('.tl-more')?.click();
  await tick();
  const source = mine?.querySelector<HTMLInputElement>('[data-field="source"]');
  source?.focus();
  if (source) source.value = 'half a link';
  const other = new PostmortemDocument();
  Y.applyUpdate(other.ydoc, Y.encodeStateAsUpdate(doc.ydoc));
  other.add('an event', 'timeline', { fields: { at: at(5), phase: 'detection' }, texts: { text: 'before all' } });
  Y.applyUpdate(doc.ydoc, Y.encodeStateAsUpdate(other.ydoc), 'pipe');
  await tick();
  expect([...document.querySelectorAll('.tl-list > li[id]')].map((item) => item.id)).toHaveLength(4);
  expect(row(ids[0] ?? '')).toBe(mine);
  expect(document.activeElement).toBe(source);
  expect(source?.value).toBe('half a link');
});

test('an event that gets another phase or place keeps its row and the focus in it', async () => {
  show();
  const mine = row(ids[1] ?? '');
  mine?.querySelector<HTMLElement>('.tl-more')?.click();
  await tick();
  const phase = mine?.querySelector<HTMLSelectElement>('[data-field="phase"]:not(button)');
  phase?.focus();
  doc.edit('the phase', 'timeline', ids[1] ?? '', { phase: 'response' });
  await tick();
  await tick();
  expect(row(ids[1] ?? '')).toBe(mine);
  expect(document.activeElement).toBe(phase);
  doc.edit('the time', 'timeline', ids[1] ?? '', { at: at(55) });
  await tick();
  await tick();
  expect([...document.querySelectorAll('.tl-list > li[id]')].at(-1)).toBe(mine);
  expect(document.activeElement).toBe(phase);
});

test('an event waits for its time to be understood', async () => {
  let answer: (read: unknown) => void = () => undefined;
  call.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  show();
  const { time, text } = await compose();
  type(time, '15:40');
  text.focus();
  type(text, 'it stops');
  submit();
  await tick();
  expect(doc.rows('timeline')).toHaveLength(3);
  answer(moment(40));
  await vi.waitFor(() => {
    expect(doc.rows('timeline')).toHaveLength(4);
  });
  expect(doc.rows('timeline').at(-1)?.data).toMatchObject({ text: 'it stops', at: at(40) });
});

test('a time that cannot be read keeps the event in its line', async () => {
  call.mockResolvedValue({ type: 'unreadable', message: 'There is no 25:99.' });
  show();
  const { time, text } = await compose();
  type(time, '25:99');
  text.focus();
  type(text, 'it stops');
  submit();
  await vi.waitFor(() => {
    expect(document.activeElement).toBe(time);
  });
  expect(doc.rows('timeline')).toHaveLength(3);
  expect((time as HTMLInputElement).value).toBe('25:99');
});

test('no late answer gives the next event the time of the one before', async () => {
  const answers: ((read: unknown) => void)[] = [];
  call.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  show();
  const { time, text } = await compose();
  time.focus();
  type(time, '15:40');
  text.focus();
  await tick();
  type(text, 'it stops');
  submit();
  await tick();
  expect(answers).toHaveLength(2);
  answers[1]?.(moment(40));
  await vi.waitFor(() => {
    expect(doc.rows('timeline')).toHaveLength(4);
  });
  answers[0]?.(moment(41));
  await tick();
  call.mockResolvedValue(null);
  type(screen.getByLabelText('What happened'), 'somebody asks why');
  submit();
  await vi.waitFor(() => {
    expect(doc.rows('timeline')).toHaveLength(5);
  });
  expect(doc.rows('timeline').find((one) => one.data.text === 'somebody asks why')?.data.at).toBeNull();
});

test('words typed after the time go into the sentence', async () => {
  call.mockImplementation((_name: string, request: { text: string }) => Promise.resolve(request.text === '15:40' ? moment(40) : { type: 'unreadable', message: 'Not a time.' }));
  show();
  const { time, text } = await compose();
  time.focus();
  type(time, '15:40 Rosa: Dashboard turns red');
  time.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  await vi.waitFor(() => {
    expect(document.activeElement).toBe(text);
  });
  expect((text as HTMLInputElement).value).toBe('Rosa: Dashboard turns red');
  submit();
  await vi.waitFor(() => {
    expect(doc.rows('timeline')).toHaveLength(4);
  });
  expect(doc.rows('timeline').at(-1)?.data).toMatchObject({ text: 'Rosa: Dashboard turns red', at: at(40) });
});

test('the first words typed after a time take the keys with them', async () => {
  call.mockImplementation((_name: string, request: { text: string }) => Promise.resolve(request.text === '15:40' ? moment(40) : { type: 'unreadable', message: 'Not a time.' }));
  show();
  const { time, text } = await compose();
  time.focus();
  type(time, '15:40 Dashboard ');
  await vi.waitFor(() => {
    expect(document.activeElement).toBe(text);
  });
  expect((text as HTMLInputElement).value).toBe('Dashboard ');
  expect((time as HTMLInputElement).value).toBe('15:40');
});

test('a bare time is near the event that was added last, unless that came after the incident; a span counts from it', async () => {
  const times: Record<string, string> = { '23:50': '2026-11-10T23:50:00Z', '00:10': '2026-11-11T00:10:00Z', review: '2026-11-13T10:00:00Z' };
  call.mockImplementation((_name: string, request: { text: string }) => Promise.resolve({ ...moment(45), at: times[request.text] ?? at(45).at }));
  show();
  await compose();
  const field = () => screen.getByLabelText(/^Time of the new event/);
  const asked = async (words: string, reference: string) => {
    call.mockClear();
    type(field(), words);
    await vi.waitFor(() => expect(call).toHaveBeenCalledWith('time_read', { text: words, zone: 'UTC', reference }));
  };
  const put = async (words: string, phase = '') => {
    const before = doc.rows('timeline').length;
    type(field(), words);
    type(screen.getByLabelText('What happened'), `at ${words}`);
    const select = screen.getByLabelText<HTMLSelectElement>('Phase');
    select.value = phase;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await tick();
    submit();
    await vi.waitFor(() => expect(doc.rows('timeline')).toHaveLength(before + 1));
    await tick();
  };
  await asked('23:50', '2026-11-10T15:10:00Z');
  await put('23:50');
  await asked('00:10', '2026-11-10T23:50:00Z');
  await put('00:10');
  await put('review', 'analysis');
  await asked('16:12', '2026-11-11T00:10:00Z');
  await asked('+5m', '2026-11-13T10:00:00Z');
});

test('what was chosen for one event does not stick to the next', async () => {
  call.mockResolvedValue(moment(40));
  show();
  const { text } = await compose();
  const choose = (label: string, value: string) => {
    const select = screen.getByLabelText<HTMLSelectElement>(label);
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };
  choose('Phase', 'readiness');
  choose('What it is', 'decision');
  type(text, 'we decide');
  await tick();
  submit();
  await vi.waitFor(() => expect(doc.rows('timeline')).toHaveLength(4));
  await tick();
  type(text, 'it stops');
  submit();
  await vi.waitFor(() => expect(doc.rows('timeline')).toHaveLength(5));
  const found = (words: string) => doc.rows('timeline').find((one) => one.data.text === words)?.data;
  expect(found('we decide'), 'what was chosen is kept').toMatchObject({ phase: 'readiness', kind: 'decision' });
  expect(found('it stops'), 'the next begins afresh').toMatchObject({ phase: null, kind: 'observation' });
});

test('a picture pasted while an event is written goes with it', async () => {
  const hash = 'ab'.repeat(32);
  putBlob.mockResolvedValue(hash);
  show();
  const { text } = await compose();
  const paste = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { files: [new File(['x'], 'graph.png', { type: 'image/png' })], getData: () => '' } });
  text.dispatchEvent(paste);
  expect(paste.defaultPrevented, 'it is taken').toBe(true);
  await vi.waitFor(() => expect(screen.getByText(/A picture goes with it/)).toBeTruthy());
  type(text, 'the graph climbs');
  submit();
  await vi.waitFor(() => expect(doc.rows('timeline')).toHaveLength(4));
  expect(doc.rows('timeline').find((one) => one.data.text === 'the graph climbs')?.data.image).toEqual({ hash, alt: '' });
  await tick();
  expect(screen.queryByText(/A picture goes with it/), 'the next event has none').toBeNull();
});

test('how well a time is known is chosen in the details', async () => {
  show();
  row(ids[0] ?? '')?.querySelector<HTMLElement>('.tl-more')?.click();
  await tick();
  const select = screen.getByLabelText<HTMLSelectElement>('How well it is known');
  select.value = 'about';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  expect(doc.row('timeline', ids[0] ?? '')?.data.at).toEqual({ ...at(10), precision: 'about' });
});
