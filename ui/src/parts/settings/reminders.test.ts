import { expect, test } from 'vitest';
import { reminderDaysProblem } from './reminders';

test('days of reminders are whole and at most a year', () => {
  for (const fine of ['0', '7', ' 14 ', '365']) expect(reminderDaysProblem(fine), `${fine} is fine`).toBeNull();
  for (const wrong of ['', '-1', '1.5', 'x', '366']) expect(reminderDaysProblem(wrong), `${wrong} is told what would be right`).toMatch(/days/);
});
