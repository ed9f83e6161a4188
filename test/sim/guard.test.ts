import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bundleEntry } from '../support/bundle.js';
import { node } from './support/program.js';

/** In a process of its own: vitest lives on what a guard forbids. */
async function underGuard(body: string): Promise<unknown> {
  const guard = pathToFileURL(await bundleEntry('src/entry/sim/guard.ts')).href;
  const program = `
    import { createGuard } from ${JSON.stringify(guard)};
    const guard = createGuard();
    guard.up();
    try { await (async () => { ${body} })(); } catch {}
    const caught = await guard.down();
    process.stdout.write(JSON.stringify({
      caught: caught?.message ?? null,
      after: [typeof Date.now(), typeof Math.random(), typeof performance.now(), typeof setTimeout],
    }));`;
  const { stdout, stderr } = await node(['--input-type=module', '-e', program], tmpdir());
  if (stdout === '') throw new Error(stderr);
  const { caught, after } = JSON.parse(stdout) as { caught: unknown; after: unknown };
  expect(after, 'the world is as it was').toEqual(['number', 'number', 'number', 'function']);
  return caught;
}

test.each([
  ['setTimeout', 'setTimeout(() => {}, 1)'],
  ['setInterval', 'setInterval(() => {}, 1)'],
  ['setImmediate', 'setImmediate(() => {})'],
  ['fetch', 'await fetch("http://127.0.0.1:9/")'],
  ['Date', 'new Date()'],
  ['Date', 'new Date(0)'],
  ['Date', 'Date()'],
  ['Date.now', 'Date.now()'],
  ['Math.random', 'Math.random()'],
  ['performance.now', 'performance.now()'],
  ['crypto.randomUUID', 'crypto.randomUUID()'],
  ['process.hrtime', 'process.hrtime.bigint()'],
])('%s in simulated code fails the run even if the code swallows what it throws', async (name, code) => {
  expect(await underGuard(`try { ${code} } catch {}`)).toBe(`${name} was used in simulated code`);
});

test('a promise that breaks with nobody listening fails the run', async () => {
  expect(await underGuard('void Promise.reject(new Error("unheard"))')).toBe('unheard');
});

test('code that computes is left alone: else every run would fail', async () => {
  expect(await underGuard('await null; Math.floor(1.5); await Promise.resolve(1)')).toBeNull();
});
