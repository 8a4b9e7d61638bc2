// Runs in the window before the page is loaded: asks for what the first screen shows while the page's own code is still
// on its way. `first.ts` hands the answers out.
(() => {
  if (window !== window.top) return;
  const first = {};
  const ask = (name, request) => {
    const answer = window.__TAURI_INTERNALS__.invoke('rpc', { name, request });
    // Whoever takes the answer is told of a failure; here it would only be noise.
    answer.catch(() => undefined);
    first[name] = { request: JSON.stringify(request), answer };
  };
  if (location.hash === '' || location.hash === '#/postmortems') {
    let sort;
    try {
      sort = JSON.parse(localStorage.getItem('debrief.prefs') ?? '{}').sort;
    } catch {
      // Then the list is in its usual order.
    }
    ask('postmortem_list', { query: '', status: null, severities: [], services: [], sort: sort ?? 'newest', from: null, to: null, offset: 0, limit: 50 });
  }
  ask('session', {});
  window.debriefFirst = first;
})();
