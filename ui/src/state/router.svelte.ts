import { href, parseRoute } from '../routes';
import type { Route } from '../routes';

let current = $state.raw<Route>(parseRoute(location.hash));

/** Where the page is now. Reactive. */
export function route(): Route {
  return current;
}

/** Goes to a route or an address; the back button returns. */
export function go(to: Route | string): void {
  const address = typeof to === 'string' ? to : href(to);
  if (address === location.hash) {
    // The same address again still means: show me that place.
    current = parseRoute(address);
    return;
  }
  location.hash = address;
}

/** Goes to a route in the place of the present one. */
export function replace(to: Route | string): void {
  const address = typeof to === 'string' ? to : href(to);
  history.replaceState(history.state, '', address);
  current = parseRoute(address);
}

/** How many pages of ours lie behind this one; kept with each page so that the browser's own buttons do not confuse it. */
function depth(): number {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number' ? state.depth : 0;
}

/** Goes one step back within Debrief, to the list when there is none. */
export function back(): void {
  if (depth() > 0) history.back();
  else go({ name: 'postmortems' });
}

/** Names the page in the window's title. */
export function setTitle(title: string): void {
  document.title = title === '' ? 'Debrief' : `${title} · Debrief`;
}

let seen = depth();

window.addEventListener('hashchange', () => {
  // A page without a depth is a new one, right above the one before.
  if (history.state === null) history.replaceState({ depth: seen + 1 }, '');
  seen = depth();
  // Addresses that do not start with #/ are places in the page (the skip link), not routes.
  if (location.hash === '' || (location.hash.startsWith('#/') && !location.hash.startsWith('#/token='))) current = parseRoute(location.hash);
});
