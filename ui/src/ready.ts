/** Says once, for tests and measurements, that the first screen is there and takes keys. */
export function markReady(): void {
  const root = document.documentElement;
  if (root.dataset.ready === '1') return;
  root.dataset.ready = '1';
  performance.mark('debrief-ready');
}
