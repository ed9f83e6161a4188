import { serve } from '../../../src/adapters/reader/serve.js';
import { readText } from '../../../src/core/model/text.js';

/** A reader with the faults that ours should not have: it dies, hangs or eats all memory at a word. */
serve((bytes) => {
  const text = Buffer.from(bytes).toString();
  if (text.includes('DIE')) process.kill(process.pid, 'SIGKILL');
  if (text.includes('HANG')) for (;;);
  if (text.includes('EAT'))
    for (const eaten: string[][] = []; ;) eaten.push(Array.from({ length: 10_000 }, () => 'x'));
  if (text.includes('ENVIRONMENT')) return { ...readText(bytes), data: Object.keys(process.env).sort() };
  return readText(bytes);
});
