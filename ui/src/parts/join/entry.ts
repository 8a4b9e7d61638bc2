// What a guest types to come in.

/** Longest name, in characters; the server takes no longer one. */
export const LONGEST_NAME = 60;
const KEPT = 'debrief.guest';

/** The name under which this browser joined last; empty when it never did, or may not remember. */
export function rememberedName(): string {
  try {
    return localStorage.getItem(KEPT) ?? '';
  } catch {
    return '';
  }
}

/** Remembers the name for the next meeting. */
export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEPT, name);
  } catch {
    // Then it is typed again the next time.
  }
}

/** What is wrong with a name; null when it is fine. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'Say your name, so that the others know who writes.';
  const letters = [...trimmed].length;
  return letters > LONGEST_NAME ? `A name has at most ${LONGEST_NAME} characters here. This has ${letters}.` : null;
}

/** What is wrong with a code; null when it may be one. */
export function codeProblem(code: string): string | null {
  const plain = code.replace(/[^0-9a-z]/gi, '');
  if (plain === '') return 'Type the code from the shared screen: three letters and three digits.';
  return /^[a-z]{3}\d{3}$/i.test(plain) ? null : 'A code has three letters and three digits, like KFT 482.';
}
