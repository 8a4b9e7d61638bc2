import type { RowKind } from '@bindings';

/** A place in a postmortem that a link leads to. */
export interface Place {
  /** The row's kind; null for a header field, an anchor or a section. */
  kind: RowKind | null;
  /** The row's id, or the name of the header field (`severity`), anchor (`t0`) or section (`sec:summary`). */
  id: string;
  /** The control within the row to focus; empty for the row itself. */
  field: string;
}

/** Where the page is. */
export type Route =
  | { name: 'postmortems' }
  | { name: 'postmortem'; id: string; place: Place | null }
  | { name: 'review'; id: string }
  | { name: 'room'; id: string }
  | { name: 'actions'; person?: string }
  | { name: 'summary' }
  | { name: 'templates' }
  | { name: 'template'; id: string }
  | { name: 'export-template'; id: string }
  | { name: 'settings' }
  | { name: 'trash' }
  | { name: 'welcome' };

const rowKinds: readonly string[] = ['timeline', 'findings', 'actions', 'impact', 'parking', 'participants'];

/** Reads an address's hash. Anything that leads nowhere leads to the list of postmortems. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter((part) => part !== '').map(decode);
  const [head, id, word, kind, row] = parts;
  switch (head) {
    case 'p': {
      if (id === undefined) return { name: 'postmortems' };
      const field = new URLSearchParams(query).get('field') ?? '';
      if (word === 'row' && kind !== undefined && rowKinds.includes(kind) && row !== undefined) {
        return { name: 'postmortem', id, place: { kind: kind as RowKind, id: row, field } };
      }
      if (word === 'place' && kind !== undefined) return { name: 'postmortem', id, place: { kind: null, id: kind, field } };
      return { name: 'postmortem', id, place: null };
    }
    case 'postmortem':
      if (id !== undefined && (word === 'review' || word === 'room')) return { name: word, id };
      return { name: 'postmortems' };
    case 'templates':
      if (id === 'export' && word !== undefined) return { name: 'export-template', id: word };
      return id === undefined ? { name: 'templates' } : { name: 'template', id };
    case 'actions':
      return id === 'person' && word !== undefined ? { name: 'actions', person: word } : { name: 'actions' };
    case 'settings':
    case 'summary':
    case 'trash':
    case 'welcome':
      return { name: head };
    default:
      return { name: 'postmortems' };
  }
}

/** The address of a route; `parseRoute` reads it back. */
export function href(route: Route): string {
  switch (route.name) {
    case 'postmortem': {
      const base = `#/p/${encodeURIComponent(route.id)}`;
      if (route.place === null) return base;
      const { kind, id, field } = route.place;
      const query = field === '' ? '' : `?field=${encodeURIComponent(field)}`;
      return kind === null ? `${base}/place/${encodeURIComponent(id)}${query}` : `${base}/row/${kind}/${encodeURIComponent(id)}${query}`;
    }
    case 'review':
    case 'room':
      return `#/postmortem/${encodeURIComponent(route.id)}/${route.name}`;
    case 'actions':
      return route.person === undefined ? '#/actions' : `#/actions/person/${encodeURIComponent(route.person)}`;
    case 'template':
      return `#/templates/${encodeURIComponent(route.id)}`;
    case 'export-template':
      return `#/templates/export/${encodeURIComponent(route.id)}`;
    default:
      return `#/${route.name}`;
  }
}

/** The address of a postmortem, or of a place in it. */
export function postmortemHref(id: string, place: Place | null = null): string {
  return href({ name: 'postmortem', id, place });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
