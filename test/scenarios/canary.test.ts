import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { exposedPort, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { startJudge, type Judge } from '../support/scenario/judge.js';
import { journalLines, type JournalLine } from '../support/scenario/journal.js';
import { startLoad, type Load } from '../support/scenario/load.js';
import { noteOf } from '../support/scenario/memory.js';
import { app, smallModel, solution } from '../support/scenario/model.js';

const within = 120_000;
const clients = 6;

const files = {
  ...smallModel({ onFailure: 'revert' }),
  ...app('web', '1.2.0'),
  ...app('web', '1.3.0'),
};

function journal(s: Stage): JournalLine[] {
  return journalLines(join(s.repository, '.heliostat/state/test/journal'));
}

function alive(s: Stage, version: string): number {
  return s.instances().filter(({ id }) => id.includes(`/web/${version}~`)).length;
}

/** Of every table that the gateway was given: the greatest share of its weight that a version had, in percent. */
function greatestShare(s: Stage, version: string): number {
  const shares = journal(s).flatMap(({ entry }) => {
    if (entry.kind !== 'route.begun') return [];
    const backends = entry['backends'] as readonly { readonly instance: string; readonly weight: number }[];
    const weightOf = (all: typeof backends): number => all.reduce((sum, { weight }) => sum + weight, 0);
    const own = backends.filter(({ instance }) => instance.includes(`/web/${version}~`));
    return own.length === 0 ? [] : [(100 * weightOf(own)) / weightOf(backends)];
  });
  return Math.max(0, ...shares);
}

/**
 * The gateway chooses by smooth weighted round robin: of any n choices in a row a backend gets its share, give or take
 * two; and the answers of as many clients as there are may come in another order than they were chosen.
 */
function mostAnswers(asked: number, percent: number, backends: number): number {
  return Math.ceil((asked * percent) / 100) + 2 * backends + 2 * clients;
}

/** From the first answer of a version to its last: how many there were, and how many were its own. */
function whileItServed({ answers }: Load, version: string): { readonly all: number; readonly own: number } {
  const between = answers.slice(answers.indexOf(version), answers.lastIndexOf(version) + 1);
  return { all: between.length, own: between.filter((one) => one === version).length };
}

function gate(judge: Judge, more = ''): string {
  const http = `http: { url: "${judge.url}", json: "body.errors < 1" }`;
  return `{ name: errors, ${http}, interval: 300ms, count: 3, failureLimit: 1, errorLimit: 3${more} }`;
}

function shop(web: string, rollout: string, other = '1.0.0', size = 4): Record<string, string> {
  return solution('shop', {
    web: `{ component: web, version: ${web}, size: ${size}, expose: { port: auto }, rollout: { ${rollout} } }`,
    other: `{ component: web, version: ${other} }`,
  });
}

test.each([
  { by: 'size', first: 'size: 1', second: 'size: 2', share: 50 },
  { by: 'weight', first: 'weight: 10', second: 'weight: 30', share: 30 },
])(
  'a canary by $by never gives a bad version more than its step; it goes back by itself, with a commit that tells what the gate saw; then all is quiet, others go out, and the next good version passes',
  async ({ first, second, share }) => {
    const judge = await startJudge();
    const steps = `{ ${first}, gates: [${gate(judge)}] }, { ${second}, pause: 1s, gates: [${gate(judge)}] }`;
    const rollout = `strategy: canary, promote: auto, canary: { steps: [${steps}] }`;
    const s = await stage({ ...files, ...shop('1.0.0', rollout) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients });

    const bad = s.commit(shop('1.2.0', rollout));
    await until('the second step is measured', () => secondMeasured(s));
    // Somebody is at work in the work tree: the revert has to wait beside it, and the quarantine holds meanwhile.
    writeFileSync(join(s.repository, 'services/app.mjs'), '// being changed\n');
    judge.say({ errors: 7 });
    await verdict(s, bad, 'reverted');
    expect(noteOf(s.repository, 'test', bad)).toContain('gate errors of web failed');
    const branches = (): string[] =>
      git(s.repository, 'branch', '--list', 'heliostat/revert-*', '--format=%(refname:short)')
        .split('\n')
        .filter(Boolean);
    await until('the branch of the revert', () => branches().length === 1);
    const [branch = ''] = branches();
    expect(alive(s, '1.0.0')).toBe(4);
    expect(alive(s, '1.2.0')).toBe(0);

    const message = git(s.repository, 'log', '-1', '--format=%B', branch);
    expect(message).toContain('gate errors of web failed');
    expect(message, 'with what it was told last').toContain('{"errors":7}');
    expect(message).toContain(`Heliostat-Reverts: ${bad} 1`);

    git(s.repository, 'checkout', '-q', '--', 'services/app.mjs');
    const other = s.commit(shop('1.2.0', rollout, '1.1.0'));
    await verdict(s, other, 'applied');
    expect(alive(s, '1.2.0'), 'what failed stays out').toBe(0);
    const before = journal(s).length;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const after = journal(s).slice(before);
    expect(after.filter(({ entry }) => /^(rollout|step|gate|operation)\./.test(entry.kind))).toEqual([]);
    expect(branches()).toHaveLength(1);

    judge.say({ errors: 0 });
    await verdict(s, s.commit(shop('1.3.0', rollout, '1.1.0')), 'applied');
    await load.stop();
    expect(alive(s, '1.3.0')).toBe(4);
    expect(load.failures).toEqual([]);
    expect(load.versions).toEqual(['1.0.0', '1.2.0', '1.3.0']);
    expect(greatestShare(s, '1.2.0')).toBeLessThanOrEqual(share + 0.5);
    const { all, own } = whileItServed(load, '1.2.0');
    expect(own).toBeLessThanOrEqual(mostAnswers(all, share, 4));
    expect(own, 'and it had some').toBeGreaterThan(0);
    const measured = journal(s).filter(({ entry }) => entry.kind === 'gate.ended');
    expect(measured.length).toBeGreaterThanOrEqual(10);
  },
  within,
);

function secondMeasured(s: Stage): boolean {
  const steps = journal(s).map(({ entry }) => `${entry.kind} ${String(entry['index'] ?? '')}`);
  const second = steps.lastIndexOf('step.begun 1');
  return second >= 0 && steps.slice(second).includes('gate.ended ');
}
