/** Coming into a team's workspace and leaving it. */
import { backend, signOut, sentence } from '../backend';
import { mayWrite } from './may';
import { session } from './session.svelte';
import { toast } from './toasts.svelte';
import { letGo, mayLeave, stayed } from './unsaved.svelte';

/** Signs this browser out, once what is written here is saved; the page is loaded anew, so that nothing of it stays. */
export async function signOutHere(): Promise<void> {
  if (!(await mayLeave({ title: 'Sign out before everything is saved?', lose: 'Sign out all the same' }))) return;
  try {
    await signOut();
  } catch (error) {
    stayed();
    toast(sentence(error), { attend: true });
    return;
  }
  letGo();
  history.replaceState(null, '', `${location.pathname}${location.search}#/postmortems`);
  location.reload();
}

/** Hands in what earlier pages of this browser kept, as far as whoever is signed in may write there. */
export async function handInKept(): Promise<void> {
  const me = session()?.me ?? null;
  if (me === null || !mayWrite()) return;
  const { keptPostmortems } = await import('../doc/kept');
  const kept = keptPostmortems(me.id);
  if (kept.length === 0) return;
  const { handIn } = await import('../doc/open.svelte');
  for (const doc of kept) {
    try {
      // What is not there for them any more stays kept, for whom it is.
      await backend.call('postmortem_derived', { doc });
      handIn(doc, backend, { person: me.id, name: me.short_name || me.name });
    } catch {
      // The next page tries again.
    }
  }
}
