import { narrator } from '../../sim/narrate.js';
import { suites } from '../../sim/suites/all.js';
import type { Scale } from '../../sim/suites/suite.js';
import { trial } from '../../sim/trial.js';
import type { Script } from '../../sim/workload/script.js';
import { createGuard } from './guard.js';
import { createHost } from './host.js';

/** Tells a run line by line. Gives the exit code: 1 if an invariant was broken. */
export async function replay(script: Script, say: (line: string) => void): Promise<number> {
  const lines: string[] = [];
  const guard = createGuard();
  guard.up();
  const report = await trial(script, {
    host: createHost(),
    watchers: [(stage) => narrator(stage, (line) => lines.push(line))],
  });
  const caught = await guard.down();
  say(`seed ${script.seed}: ${script.acts.length} acts, answers within ${script.latencyMs} ms`);
  say(`weather: ${weatherText(script)}`);
  say('');
  say('  min:s.ms     step  who        what');
  for (const line of lines) say(line);
  say('');
  say(`${report.steps} steps of ${report.events} events, trace ${report.hash}`);
  if (caught !== null) say(String(caught.stack));
  const { violation } = report;
  if (violation === null) say('no invariant was broken');
  else say(`BROKEN at step ${violation.step}: ${violation.message}`);
  return violation === null && caught === null ? 0 : 1;
}

/** Tells a case of a suite. Gives the exit code. */
export async function showCase(
  { suite, scale, index }: { readonly suite: string; readonly scale: Scale; readonly index: number },
  say: (line: string) => void,
): Promise<number> {
  const known = suites.find(({ name }) => name === suite);
  if (known === undefined) throw new Error(`there is no suite ${suite}`);
  const prepared = await known.prepare(scale, createHost());
  if (index >= prepared.count) throw new Error(`${suite} has ${prepared.count} cases`);
  say(prepared.nameOf(index));
  for (const line of (await prepared.show?.(index)) ?? []) say(line);
  const { failure, remark } = await prepared.run(index);
  if (remark !== null) say(remark);
  say(
    failure === null ? 'it went as it should' : `BROKEN, invariant ${failure.invariant}: ${failure.message}`,
  );
  return failure === null ? 0 : 1;
}

function weatherText({ weather }: Script): string {
  const kinds = Object.entries(weather).filter(([, chance]) => chance > 0);
  return kinds.length === 0 ? 'clear' : kinds.map(([kind, chance]) => `${kind} ${chance}`).join(', ');
}
