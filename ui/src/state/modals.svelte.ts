let open = $state.raw<readonly HTMLElement[]>([]);

/** The modal dialog that lies on top; null when there is none. What is not inside it can be neither pressed nor read. Reactive. */
export function topModal(): HTMLElement | null {
  return open[open.length - 1] ?? null;
}

/** Notes that a modal dialog has opened; returns the way to say that it has closed. */
export function openModal(dialog: HTMLElement): () => void {
  open = [...open, dialog];
  return () => {
    open = open.filter((each) => each !== dialog);
  };
}
