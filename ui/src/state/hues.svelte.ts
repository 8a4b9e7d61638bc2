/**
 * The hue of a person. Within one postmortem people have their hues in the order in which they joined it, so that nobody
 * there looks like somebody else; whatever else is on the screen then, the navigation for example, shows the same.
 */
import { hueOf } from '../format';

let joined: ReadonlyMap<string, number> | null = $state.raw(null);

/** Hue 1 to 8 of a person: that of the postmortem on the screen, or one that follows from the id. Reactive. */
export function personHue(id: string): number {
  return joined?.get(id) ?? hueOf(id);
}

/** Takes the hues of the postmortem on the screen, by person; returns the way to take them back. */
export function showHues(hues: ReadonlyMap<string, number>): () => void {
  joined = hues;
  return () => {
    if (joined === hues) joined = null;
  };
}
