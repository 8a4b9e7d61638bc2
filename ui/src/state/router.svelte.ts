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
  history.replaceState(null, '', address);
  current = parseRoute(address);
}

/** Goes one step back, to the list when there is none. */
export function back(): void {
  if (history.length > 1) history.back();
  else go({ name: 'postmortems' });
}

/** Names the page in the window's title. */
export function setTitle(title: string): void {
  document.title = title === '' ? 'Debrief' : `${title} · Debrief`;
}

window.addEventListener('hashchange', () => {
  // Addresses that do not start with #/ are places in the page (the skip link), not routes.
  if (location.hash === '' || location.hash.startsWith('#/')) current = parseRoute(location.hash);
});
