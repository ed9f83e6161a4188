import { isoTime } from '../../base/time.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10:42 UTC`; with the day, `3 May 10:42 UTC`, where it is another one than that of `besideMs`. */
export function clockText(ms: number, besideMs: number | null = null): string {
  const [day = '', time = ''] = isoTime(ms).split('T');
  const clock = `${time.slice(0, 5)} UTC`;
  if (besideMs !== null && isoTime(besideMs).startsWith(day)) return clock;
  const [, month = '', date = ''] = day.split('-');
  return `${Number(date)} ${months[Number(month) - 1] ?? month} ${clock}`;
}
