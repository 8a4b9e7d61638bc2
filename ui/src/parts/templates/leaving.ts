// Keeps a person from losing what is not saved when they go elsewhere in the app or close the window.

/** What asks before somebody leaves. */
export interface LeaveGuard {
  /** Lets the next move through; used when the person said so. */
  release(): void;
  /** Stops guarding. */
  stop(): void;
}

/**
 * While `unsaved()` is true, a move to another address is taken back and `ask` is told where it was going. Closing or
 * reloading the window asks with the browser's own question.
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
  const closing = (event: BeforeUnloadEvent) => {
    if (!released && unsaved()) event.preventDefault();
  };

  window.addEventListener('popstate', moved);
  window.addEventListener('beforeunload', closing);
  return {
    release: () => (released = true),
    stop() {
      window.removeEventListener('popstate', moved);
      window.removeEventListener('beforeunload', closing);
    },
  };
}
