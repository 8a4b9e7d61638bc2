// Keeps a person from losing what is not saved when they go elsewhere in the app. Closing the window asks by itself, see
// `state/unsaved`.

/** What asks before somebody leaves. */
export interface LeaveGuard {
  /** Lets the next move through; used when the person said so. */
  release(): void;
  /** Stops guarding. */
  stop(): void;
}

/**
 * While `unsaved()` is true, a move to another address is taken back and `ask` is told where it was going.
 */
export function guardLeaving(unsaved: () => boolean, ask: (destination: string) => void): LeaveGuard {
  let here = location.hash;
  let released = false;

  // Links, `location.hash` and the back button all make a popstate, and they make it before the hashchange that the
  // router listens for. Putting the old address back here means that the router finds nothing changed.
  const moved = () => {
    if (released || !unsaved() || location.hash === here) {
      here = location.hash;
      return;
    }
    const destination = location.hash;
    history.replaceState(null, '', here);
    ask(destination);
  };

  window.addEventListener('popstate', moved);
  return {
    release: () => (released = true),
    stop: () => window.removeEventListener('popstate', moved),
  };
}
