import { test } from 'vitest';
import { createHost } from '../../src/entry/sim/host.js';
import { trial } from '../../src/sim/trial.js';
import { scriptOf } from '../../src/sim/workload/script.js';
test('eph', async () => {
  const host = createHost();
  const from = Number(process.env['FROM'] ?? 1), n = Number(process.env['N'] ?? 20);
  const bad: string[] = [];
  let steps = 0, events=0;
  for (let seed = from; seed < from + n; seed++) {
    const r = await trial({ ...scriptOf(seed), isEphemeral: process.env['EPH'] !== '0' }, { host });
    steps += r.steps; events += r.events;
    if (r.violation) bad.push(`${seed}: [${r.violation.invariant}] step ${r.violation.step} ${r.violation.message.slice(0, 400)}`);
  }
  console.log(steps, events, bad.length); for (const b of bad) console.log(b);
}, 600000);
