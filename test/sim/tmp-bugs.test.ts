import { test } from 'vitest';
import { createHost } from '../../src/entry/sim/host.js';
import { carrierBugs } from '../../src/sim/suites/planted/carrier-bugs.js';
import { hunt } from '../../src/sim/suites/planted/hunt.js';
import { crashPoints } from '../../src/sim/suites/crash/crash-points.js';
test('bugs', async () => {
  for (const bug of carrierBugs) {
    const t = performance.now();
    const h = await hunt(bug, createHost(), 20);
    console.log(bug.name, h.tried, h.caughtBy?.violation, h.others.slice(0, 5), h.without?.violation, performance.now() - t);
  }
}, 600000);
test('crash', async () => {
  const host = createHost();
  const prepared = await crashPoints.prepare((process.env['SCALE'] ?? 'tenth') as never, host);
  let n = 0; const t = performance.now();
  for (let i = 0; i < prepared.count; i++) {
    if (!prepared.nameOf(i).startsWith('on-a-runner')) continue;
    n++;
    const r = await prepared.run(i);
    if (r.failure) console.log(r.failure.invariant, r.failure.message.slice(0, 600));
  }
  console.log('crash cases', n, 'of', prepared.count, performance.now() - t);
}, 600000);
