import type { MeetingView } from '@bindings';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Meeting } from './meeting.svelte';
import { PrivateNotes } from './notes.svelte';

/** A meeting that Greg leads, at a host that can be out of reach and has the notes that it was given. */
function led(notes = '') {
  const host = { notes, away: false, acts: 0, leads: true };
  const seen = (): MeetingView => ({
    revision: 1, now: '2026-11-10T16:00:00Z', started_at: '2026-11-10T16:00:00Z', ended_at: null, facilitator: 'greg', me: 'greg', right: host.leads ? 'facilitator' : 'editor', host: false, host_name: 'Cathy',
    stages: [], at: 0, since: '2026-11-10T16:00:00Z', prompt: 0, locked: false, present: ['greg'], ready: [], silent: null, voting: null, question: null, hint: null,
    cockpit: host.leads ? { notes: host.notes, heard: [] } : null,
  });
  const meeting = new Meeting('doc', {
    call: (name: string, request: unknown) => {
      if (host.away) return Promise.reject(new Error('Out of reach.'));
      if (name === 'meeting_do') {
        host.acts++;
        const { act } = request as { act: { type: string; text?: string } };
        if (act.type === 'notes') host.notes = act.text ?? '';
      }
      return Promise.resolve({ meeting: seen() } as never);
    },
  });
  const open = async (): Promise<PrivateNotes> => {
    await meeting.load();
    const one = new PrivateNotes(meeting);
    one.follow();
    return one;
  };
  return { host, meeting, open };
}

function type(notes: PrivateNotes, text: string): void {
  notes.text = text;
  notes.typed();
}

describe('private notes', () => {
  beforeEach(() => {
    localStorage.clear();
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('are handed in soon after the last letter', async () => {
    const { host, open } = led('Ask Bill');
    const notes = await open();
    expect(notes.text).toBe('Ask Bill');
    type(notes, 'Ask Bill first');
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.notes).toBe('Ask Bill first');
    expect(localStorage.length, 'what has arrived is not kept here').toBe(0);
  });

  it('stay in the field and in the browser while the host is out of reach, and are handed in then', async () => {
    const { host, open } = led();
    const notes = await open();
    host.away = true;
    type(notes, 'Who paged whom?');
    await vi.advanceTimersByTimeAsync(1000);
    expect([notes.text, notes.waiting]).toEqual(['Who paged whom?', true]);
    expect(localStorage.length, 'the browser keeps them').toBe(1);
    host.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([host.notes, notes.waiting]).toEqual(['Who paged whom?', false]);
  });

  it('of a page that has gone are handed in by the next one', async () => {
    const { host, open } = led('Old');
    const notes = await open();
    host.away = true;
    type(notes, 'Old and new');
    await notes.stop();
    host.away = false;
    const next = await open();
    expect(next.text).toBe('Old and new');
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.notes).toBe('Old and new');
  });

  it('that were written in two places are both there', async () => {
    const { host, open } = led('Old');
    const notes = await open();
    host.away = true;
    type(notes, 'Mine');
    await notes.stop();
    host.away = false;
    host.notes = 'Theirs';
    expect((await open()).text).toBe('Theirs\n\nMine');
  });

  it('wait while somebody else leads, without asking again and again', async () => {
    const { host, meeting, open } = led();
    const notes = await open();
    host.leads = false;
    await meeting.load();
    notes.follow();
    type(notes, 'Later');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([host.acts, notes.text]).toEqual([0, 'Later']);
    host.leads = true;
    await meeting.load();
    notes.follow();
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.notes).toBe('Later');
  });
});
