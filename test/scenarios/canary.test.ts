import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { expectDocument } from '../entry/cli/support/schema.js';
import { git } from '../support/git.js';
import { exposedPort, pidsById, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { names, outOfOrder, whatHappened, type HappenedStep } from '../support/scenario/happened.js';
import { startJudge, type Judge } from '../support/scenario/judge.js';
import { journalLines, type JournalLine } from '../support/scenario/journal.js';
import { startLoad, type Load } from '../support/scenario/load.js';
import { noteOf } from '../support/scenario/memory.js';
import { app, domainFile, smallModel, solution } from '../support/scenario/model.js';

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

const because = ['--reason', 'the test says so'];

function kinds(lines: readonly JournalLine[], ...wanted: readonly string[]): string[] {
  return lines
    .filter(({ entry }) => wanted.includes(entry.kind))
    .map(({ entry }) => `${entry.kind} ${String(entry['index'] ?? entry['gate'] ?? '')}`.trim());
}

/** Of the status branch. */
function page(s: Stage): string {
  return git(s.repository, 'show', 'heliostat/status:test/README.md');
}

function startedTwice(lines: readonly JournalLine[]): string[] {
  const started = lines
    .filter(({ entry }) => entry.kind === 'operation.begun' && entry['transition'] === 'create')
    .map(({ entry }) => String(entry['instance']));
  return started.filter((id, i) => started.indexOf(id) !== i);
}

test(
  'blue and green: all of the new stands beside all of the old, which serves alone until a person promotes; then all goes over at once. Given up before that, the old one is not touched',
  async () => {
    const rollout = 'strategy: blueGreen';
    const s = await stage({ ...files, ...shop('1.0.0', rollout, '1.0.0', 2) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients });
    const old = pidsById(s.instances());
    const nothing = await s.call('promote', 'shop/web', ...because);
    expect(nothing.code).not.toBe(0);
    expect(nothing.stdout + nothing.stderr).toContain('a commit with another version begins one');

    const first = s.commit(shop('1.1.0', rollout, '1.0.0', 2));
    await verdict(s, first, 'held');
    expect([alive(s, '1.0.0'), alive(s, '1.1.0')]).toEqual([2, 2]);
    const status = (await s.call('status')).stdout;
    expect(status).toContain('step 1 of 2 (0 % of the traffic): waits to be promoted by a person');
    expect(status).toContain('heliostat promote test/shop/web --reason TEXT');
    const data = expectDocument('status', (await s.call('status', 'shop/web', '--json')).stdout);
    expect(data).toMatchObject({
      solutions: [{ elements: [{ step: { number: 1, of: 2, state: 'awaited', promotion: 'manual' } }] }],
    });
    await until('the front page tells it', () => page(s).includes('`heliostat promote test/shop/web'));
    expect((await s.call('events')).stdout).toContain('web begins step 1 of 2 (0 % of the traffic)');
    expect((await s.call('resume', 'shop', ...because)).stdout).toContain('heliostat promote test/shop');
    expect((await s.call('abort', 'shop', ...because)).code).toBe(0);
    await verdict(s, first, 'failed');
    expect(pidsById(s.instances()), 'what served runs on').toMatchObject(old);
    expect((await s.call('promote', 'shop/web', ...because)).stdout).toContain('no rollout of shop');
    expect(load.versions).toEqual(['1.0.0']);

    const second = s.commit(shop('1.2.0', rollout, '1.0.0', 2));
    await verdict(s, second, 'held');
    await until('what was given up is gone', () => alive(s, '1.1.0') === 0);
    expect((await s.call('abort', 'shop', '--revert', ...because)).code).toBe(0);
    await verdict(s, second, 'reverted');
    await until('the revert', () => s.tip() !== second);
    await verdict(s, s.tip(), 'applied');
    await until('only the old is left', () => alive(s, '1.1.0') + alive(s, '1.2.0') === 0);
    expect(pidsById(s.instances())).toMatchObject(old);
    expect(load.versions, 'no other one ever served').toEqual(['1.0.0']);

    const third = s.commit(shop('1.3.0', rollout, '1.0.0', 2));
    await verdict(s, third, 'held');
    const promoted = await s.call('promote', 'web', ...because);
    expect(promoted.code, promoted.stderr).toBe(0);
    await verdict(s, third, 'applied');
    await load.stop();
    expect([alive(s, '1.0.0'), alive(s, '1.3.0')]).toEqual([0, 2]);
    expect(load.failures).toEqual([]);
    const { answers } = load;
    const late = answers.slice(answers.indexOf('1.3.0') + 2 * clients);
    expect(late, 'all at once').not.toContain('1.0.0');
  },
  within,
);

test(
  'a controller that is killed in the middle of a step goes on in it, and measures nothing anew; a pause stands still, promoted early it does not wait',
  async () => {
    const judge = await startJudge();
    const one = gate(judge).replace('count: 3', 'count: 1').replace('interval: 300ms', 'interval: 1h');
    const steps = `{ size: 1, pause: 4s, gates: [${one}] }, { size: 2, pause: 6s, gates: [${one}] }`;
    const rollout = `strategy: canary, canary: { steps: [${steps}] }`;
    const s = await stage({ ...files, ...shop('1.0.0', rollout) });
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients });
    const before = journal(s).length;
    const since = (): JournalLine[] => journal(s).slice(before);
    const has = (...what: readonly string[]): boolean =>
      kinds(since(), 'step.begun', 'gate.ended').join(', ') === what.join(', ');

    const raised = s.commit(shop('1.2.0', rollout));
    await until('the second step is measured', () =>
      has('step.begun 0', 'gate.ended errors', 'step.begun 1', 'gate.ended errors'),
    );
    await daemon.end('SIGKILL');
    const pids = pidsById(s.instances());
    await s.run();
    expect(pidsById(s.instances())).toEqual(pids);
    await verdict(s, raised, 'held');
    expect(has('step.begun 0', 'gate.ended errors', 'step.begun 1', 'gate.ended errors')).toBe(true);
    expect(judge.asked(), 'once a step').toBe(2);
    expect([alive(s, '1.0.0'), alive(s, '1.2.0')]).toEqual([2, 2]);

    expect((await s.call('pause', 'shop', ...because)).code).toBe(0);
    const early = await s.call('promote', 'shop/web', ...because);
    expect(early.code, early.stderr).toBe(0);
    expect(early.stdout).toContain('not before');
    expect([alive(s, '1.0.0'), alive(s, '1.2.0')]).toEqual([2, 2]);
    expect((await s.call('resume', 'shop', ...because)).code).toBe(0);
    await verdict(s, raised, 'applied');
    expect([alive(s, '1.0.0'), alive(s, '1.2.0')]).toEqual([0, 4]);

    const next = s.commit(shop('1.3.0', rollout));
    await until('its first step', () => alive(s, '1.3.0') === 1);
    const ahead = await s.call('promote', 'shop/web', ...because);
    expect(ahead.stdout).toContain('once its steps are passed');
    expect((await s.call('retry', 'shop', ...because)).code).toBe(0);
    await verdict(s, next, 'applied');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(startedTwice(since())).toEqual([]);
  },
  within,
);

test(
  'a gate that cannot be measured is no failed one: the rollout is paused, says how it goes on, and goes on when the server is back and somebody resumes it',
  async () => {
    const judge = await startJudge();
    const rollout = `strategy: canary, promote: auto, canary: { steps: [{ size: 1, gates: [${gate(judge)}] }] }`;
    const s = await stage({ ...files, ...shop('1.0.0', rollout) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients });
    await judge.goAway();
    const raised = s.commit(shop('1.2.0', rollout));
    await verdict(s, raised, 'held');
    expect([alive(s, '1.0.0'), alive(s, '1.2.0')]).toEqual([3, 1]);
    expect(kinds(journal(s), 'gate.ended')).toHaveLength(3);
    const status = (await s.call('status')).stdout;
    expect(status).toContain('gate errors of web cannot be measured: connection refused');
    expect(status).toContain('heliostat resume test/shop --reason TEXT');

    await judge.comeBack();
    expect((await s.call('resume', 'shop', ...because)).code).toBe(0);
    await verdict(s, raised, 'applied');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(s.tip(), 'nothing was taken back').toBe(raised);
  },
  within,
);

interface Foreseen {
  readonly rollout: {
    readonly steps: readonly HappenedStep[];
    readonly stages: readonly {
      readonly number: number;
      readonly of: number;
      readonly awaitsPerson: boolean;
    }[];
    readonly minHealthy: Readonly<Record<string, number>>;
    readonly peak: Readonly<Record<string, number>>;
  };
}

testInWholeRun.each([
  { by: 'size', steps: '{ size: 1, pause: 2s }, { size: 2, pause: 2s, gates: [GATE] }', stages: 2 },
  { by: 'weight', steps: '{ weight: 20, pause: 2s }, { weight: 50, pause: 2s, gates: [GATE] }', stages: 3 },
])(
  'a canary by $by goes as the plan has shown it: the same steps in the same order, no fewer healthy and no more at once',
  async ({ steps, stages }) => {
    const judge = await startJudge();
    const rollout = `strategy: canary, promote: auto, canary: { steps: [${steps.replace('GATE', gate(judge))}] }`;
    const slow = domainFile().replace(
      'minHealthyTime: 200ms, drainDelay: 300ms',
      'minHealthyTime: 1500ms, drainDelay: 1200ms',
    );
    const s = await stage({ ...files, 'heliostat.yaml': slow, ...shop('1.0.0', rollout, '1.0.0', 3) });
    expect((await s.call('apply')).code).toBe(0);
    s.commit(shop('1.2.0', rollout, '1.0.0', 3));
    expect((await s.call('plan')).stdout).toContain(`test/shop/web, step 1 of ${stages} (`.slice(5));
    const said = await s.call('plan', '--json');
    const foreseen = expectDocument('plan', said.stdout) as unknown as Foreseen;
    expect(foreseen.rollout.stages).toHaveLength(stages);
    const before = journal(s).length;
    const applied = await s.call('apply');
    expect(applied.code, applied.stderr + applied.stdout).toBe(0);

    const web = (all: readonly HappenedStep[]): HappenedStep[] =>
      all.filter(({ instance }) => instance.includes('/web/'));
    const happened = whatHappened(journal(s), before, ['test/shop/web']);
    expect(names(web(happened.steps)).sort()).toEqual(names(web(foreseen.rollout.steps)).sort());
    expect(outOfOrder(web(foreseen.rollout.steps), web(happened.steps))).toEqual([]);
    expect(happened.minHealthy).toEqual(foreseen.rollout.minHealthy);
    expect(happened.peak).toEqual(foreseen.rollout.peak);
    const begun = kinds(journal(s).slice(before), 'step.begun');
    expect(begun.slice(0, stages)).toEqual(
      foreseen.rollout.stages.map(({ number }) => `step.begun ${number - 1}`),
    );
  },
  within,
);
