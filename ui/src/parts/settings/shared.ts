// Changes of what everybody shares. Each reads the directory anew and changes only what was asked, one after the other,
// so that neither two quick changes here nor a change elsewhere takes the other back.

import type { Person, SharedSettings } from '@bindings';
import { ApiError, backend } from '../../backend';
import { loadSession } from '../../state/session.svelte';

let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
}

/** Changes some of the shared settings. */
export function changeSettings(change: (settings: SharedSettings) => SharedSettings): Promise<void> {
  return inTurn(async () => {
    const { directory } = await backend.call('directory', {});
    await backend.call('settings_save', { settings: change(directory.settings) });
  });
}

/** Changes some fields of a person; the session follows when it is the one who sits here. */
export function changePerson(id: string, fields: Partial<Omit<Person, 'id'>>): Promise<void> {
  return inTurn(async () => {
    const { directory } = await backend.call('directory', {});
    const person = directory.people.find((one) => one.id === id);
    if (person === undefined) throw new ApiError('not_found', 'This person is not in the directory any more. Close Settings and open it again.');
    await backend.call('person_save', { ...person, ...fields });
    await loadSession();
  });
}
