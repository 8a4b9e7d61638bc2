import { currentDialog, openDialog } from './state/dialogs.svelte';
import { topModal } from './state/modals.svelte';
import { route } from './state/router.svelte';

/** Files dropped on the list are imported; a dialog has the page to itself. */
function imports(): boolean {
  return route().name === 'postmortems' && currentDialog() === null && topModal() === null;
}

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** Files that nothing on the page wants are held over it: the web view would leave Debrief to show them. */
export function overPage(event: DragEvent): void {
  if (event.defaultPrevented || !bringsFiles(event)) return;
  event.preventDefault();
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = imports() ? 'copy' : 'none';
}

/** They were let go: the list imports them, other places leave them where they were. */
export function onPage(event: DragEvent): void {
  if (event.defaultPrevented || !bringsFiles(event)) return;
  event.preventDefault();
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length > 0 && imports()) openDialog('import', { files });
}
