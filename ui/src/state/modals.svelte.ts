// Not reactive itself: a dialog that goes would read it as it was before the next one came.
let open: readonly HTMLElement[] = [];
let version = $state.raw({});

/** The modal dialog that lies on top; null when there is none. What is not inside it can be neither pressed nor read. Reactive. */
export function topModal(): HTMLElement | null {
  void version;
  return open[open.length - 1] ?? null;
}

/** Notes that a modal dialog has opened; returns the way to say that it has closed. */
export function openModal(dialog: HTMLElement): () => void {
  open = [...open, dialog];
  version = {};
  return () => {
    open = open.filter((each) => each !== dialog);
    version = {};
  };
}
