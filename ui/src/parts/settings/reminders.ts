// What the settings of reminders say.

/** Where a message is, in words. */
export const reminderStates: Record<string, string> = {
  waiting: 'Waits',
  sending: 'Is being sent',
  sent: 'Sent',
  doubt: 'In doubt: it may have arrived, and is not sent again',
  refused: 'Refused',
};

/** Days before or after a due day: a whole number from 0 to a year. */
export function reminderDaysProblem(text: string): string | null {
  const typed = text.trim();
  if (!/^\d+$/.test(typed)) return 'A whole number of days, like 7; 0 for none.';
  return Number(typed) > 365 ? 'At most 365 days.' : null;
}
