/**
 * The hue of a person. Within one postmortem nobody looks like somebody else as long as there are hues, and whatever else is on the
 * screen then, the navigation for example, shows the same. Elsewhere the directory is what people are told apart in.
 */
import { huesOf, hueOf } from '../format';
import { directory } from './session.svelte';

let here: ReadonlyMap<string, number> | null = $state.raw(null);
const known = $derived(huesOf((directory()?.directory.people ?? []).map((person) => person.id)));

/** Hue 1 to 8 of a person: that of the postmortem on the screen, that among everybody, or for a stranger one that follows from the id. Reactive. */
export function personHue(id: string): number {
  return here?.get(id) ?? known.get(id) ?? hueOf(id);
}

/** Takes the hues of the postmortem on the screen, by person; returns the way to take them back. */
export function showHues(hues: ReadonlyMap<string, number>): () => void {
  here = hues;
  return () => {
    if (here === hues) here = null;
  };
}
