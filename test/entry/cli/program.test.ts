import { describe, expect, it } from 'vitest';
import type { ElementKey, SolutionName } from '../../../src/core/base/names.js';
import {
  Failure,
  type ApplyView,
  type Operations,
  type PlanView,
} from '../../../src/entry/cli/operations.js';
import { interrupted } from '../../../src/entry/operations/failures.js';
import { fakeTerminal, heliostat } from './support/fakes.js';
import {
  applyView,
  bisectView,
  blameView,
  change,
  diagnostic,
  elementView,
  eventView,
  graphView,
  historyView,
  noLines,
  plan,
  planView,
  prod,
  shape,
  solutionView,
  statusView,
  threeChanges,
} from './support/fixtures.js';
import { expectDocument } from './support/schema.js';

const targets: Operations['targets'] = () =>
  Promise.resolve([
    { kind: 'element', name: 'prod/shop/api' },
    { kind: 'hold', name: 'h-1' },
    { kind: 'solution', name: 'prod/shop' },
  ]);

describe('help', () => {
  it('of every verb shows an example', async () => {
    const { out } = await heliostat(['--help']);
    const verbs = [...out.matchAll(/^ {2}([a-z]+) .*(?:\[|<|[A-Z])/gm)].map(([, name]) => name ?? '');
    for (const name of [
      'init',
      'validate',
      'plan',
      'apply',
      'run',
      'status',
      'history',
      'blame',
      'bisect',
      'events',
      'graph',
      'logs',
      'explain',
      'doctor',
      'provider',
      'pause',
      'resume',
      'abort',
      'retry',
      'restart',
      'revert',
      'approve',
      'detach',
      'down',
    ]) {
      expect(verbs).toContain(name);
      const help = await heliostat([name, '--help']);
      expect(help.code).toBe(0);
      expect(help.out).toMatch(new RegExp(`Examples:\\n {2}heliostat ${name}`));
    }
  });

  it('is the answer to no verb at all, which is a mistake all the same', async () => {
    const { code, out, err } = await heliostat([]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Usage: heliostat');
    const json = await heliostat(['--json']);
    expect(expectDocument('error', json.out)).toMatchObject({ error: { code: 'cli.missing' } });
  });

  it('gives the version', async () => {
    expect(await heliostat(['--version'])).toMatchObject({ code: 0, out: '0.0.0-test\n' });
  });
});

describe('a mistake in the arguments', () => {
  it.each([
    [['pln'], 'cli.unknownVerb', /Did you mean plan\?/],
    [['status', '--wach'], 'cli.unknownOption', /Did you mean --watch\?/],
    [['approve', 'h-1'], 'cli.missing', /heliostat approve --help/],
    [['logs'], 'cli.missing', /heliostat logs --help/],
    [['graph', '--format', 'png'], 'cli.usage', /heliostat graph --help/],
    [['plan', 'a', 'b'], 'cli.usage', /heliostat plan --help/],
    [['apply', '--timeout', '10'], 'cli.badDuration', /90s/],
    [['events', '--since', 'yesterday'], 'cli.badTime', /10m/],
    [['history', '--limit', '0'], 'cli.badNumber', /--limit 50/],
    [['validate', 'HEAD', '--staged'], 'cli.usage', /one of them/],
  ])('%j ends with 1 and what to do instead', async (argv, code, fix) => {
    const text = await heliostat(argv);
    expect(text.code).toBe(1);
    expect(text.out).toBe('');
    expect(text.err).toMatch(fix);
    const json = await heliostat([...argv, '--json']);
    const { error } = expectDocument('error', json.out) as { error: { code: string; fix: string } };
    expect(json.code).toBe(1);
    expect(error.code).toBe(code);
    expect(error.fix).toMatch(fix);
  });

  it('never repeats a password that stood in an address', async () => {
    const { code, out, err } = await heliostat([
      'status',
      '--json',
      '--repo',
      'https://ada:hunter2@example.com/x',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('cli.secretInArgument');
    expect(out + err).not.toContain('hunter2');
  });
});

describe('a fault', () => {
  it('of the world is told with what to do next', async () => {
    const status = () =>
      Promise.reject(new Failure('git.unreachable', 'no route to \u001b[31mhost', 'Try again.'));
    const { code, err } = await heliostat(['status'], { status });
    expect(code).toBe(1);
    expect(err).toBe('error no route to \\u{1b}[31mhost\n  Try again.\n');
  });

  it('of ours is told as a bug, without the secrets of the environment', async () => {
    const status = () => Promise.reject(new Error('token s3cr3t-value is wrong'));
    const { code, out } = await heliostat(
      ['status', '--json'],
      { status },
      { env: { GITHUB_TOKEN: 's3cr3t-value' } },
    );
    expect(code).toBe(1);
    expect(expectDocument('error', out)).toMatchObject({ error: { code: 'internal.bug' } });
    expect(out).not.toContain('s3cr3t-value');
  });

  it('after Ctrl-C is none: 130', async () => {
    const interrupt = new AbortController();
    const status = () => {
      interrupt.abort();
      return Promise.reject(new Error('aborted'));
    };
    expect(await heliostat(['status'], { status }, { signal: interrupt.signal })).toMatchObject({
      code: 130,
      err: '',
    });
  });

  it('after Ctrl-C is told where something runs on, with how to go on and how to stop it', async () => {
    const interrupt = new AbortController();
    const apply = () => {
      interrupt.abort('SIGINT');
      return Promise.reject(interrupted(2));
    };
    const { code, err } = await heliostat(['apply'], { apply }, { signal: interrupt.signal });
    expect(code).toBe(130);
    expect(err).toContain('2 instances run on');
    expect(err).toContain('heliostat down');
  });
});

describe('where it works', () => {
  it('is said by options before or behind the verb', async () => {
    const seen: unknown[] = [];
    const graph: Operations['graph'] = ({ repo, domain, config, revision }) => {
      seen.push({ repo, domain, config, revision });
      return Promise.resolve(graphView);
    };
    await heliostat(['--repo', 'shop', 'graph', 'HEAD', '--domain', 'prod', '--config', 'c.yaml'], { graph });
    await heliostat(['graph'], { graph });
    expect(seen).toEqual([
      { repo: 'shop', domain: 'prod', config: 'c.yaml', revision: 'HEAD' },
      { repo: null, domain: null, config: null, revision: null },
    ]);
  });
});

describe('validate', () => {
  const invalid = {
    valid: false,
    revision: 'worktree' as const,
    diagnostics: [diagnostic()],
    uncommitted: ['a'],
    sourceLine: noLines,
  };

  it('ends with 3 where something is wrong, in three forms', async () => {
    const validate = () => Promise.resolve(invalid);
    const text = await heliostat(['validate'], { validate });
    expect(text.code).toBe(3);
    expect(text.out).toContain('Not valid: 1 error (work tree, 1 file not committed)');
    expectDocument('validate', (await heliostat(['validate', '--format', 'json'], { validate })).out);
    expectDocument('validate', (await heliostat(['validate', '--json'], { validate })).out);
    expect((await heliostat(['validate', '--format', 'github'], { validate })).out).toMatch(/^::error file=/);
  });

  it('ends with 0 and says what it read', async () => {
    const validate = () =>
      Promise.resolve({ ...invalid, valid: true, diagnostics: [], revision: 'staged' as const });
    expect(await heliostat(['validate', '--staged'], { validate })).toMatchObject({
      code: 0,
      out: 'Valid: nothing is wrong (what is staged)\n',
    });
  });
});

describe('plan', () => {
  const planned = (view: PlanView) => ({ plan: () => Promise.resolve(view) });

  it('ends with 0 where there is nothing to do, 2 where there is, 3 where it is rejected', async () => {
    expect((await heliostat(['plan'], planned(planView([])))).code).toBe(0);
    const changes = await heliostat(['plan'], planned(planView(threeChanges)));
    expect(changes.code).toBe(2);
    expect(changes.out).toContain('heliostat apply --plan 1:3f0c9a12');
    const rejected = { ...planView([]), plan: plan([], { diagnostics: [diagnostic()] }) };
    expect((await heliostat(['plan', '--json'], planned(rejected))).code).toBe(3);
  });

  it('asks for no preview where none is wanted', async () => {
    let preview: boolean | null = null;
    const view: Operations['plan'] = (request) => {
      preview = request.preview;
      return Promise.resolve(planView([]));
    };
    await heliostat(['plan', '--no-preview'], { plan: view });
    expect(preview).toBe(false);
    await heliostat(['plan'], { plan: view });
    expect(preview).toBe(true);
  });

  it('shows it as text, as a diagram or as data, and draws nothing that is rejected', async () => {
    const view = planView(threeChanges);
    expect((await heliostat(['plan', '--format', 'json'], planned(view))).out).toBe(
      (await heliostat(['plan', '--json'], planned(view))).out,
    );
    const text = await heliostat(['plan', '--format', 'text', '--json'], planned(view));
    expect(text.out).toContain('Plan for domain prod');
    const drawn = await heliostat(['plan', '--format', 'mermaid'], planned(view));
    expect([drawn.code, drawn.out.split('\n')[0]]).toEqual([2, 'gantt']);
    expect(drawn.out, 'nothing that is no diagram').not.toContain('heliostat apply');
    const rejected = { ...planView([]), plan: plan([], { diagnostics: [diagnostic()] }) };
    const refused = await heliostat(['plan', '--format', 'mermaid'], planned(rejected));
    expect([refused.code, refused.out]).toEqual([3, '']);
    expect(refused.err).toContain('model.unknownKey');
    const none = await heliostat(['plan', '--format', 'mermaid', '--no-preview'], planned(view));
    expect(none.code).toBe(1);
    expect(none.err).toContain('--no-preview');
  });
});

describe('apply', () => {
  const applying =
    (view: PlanView, answer: Partial<ApplyView> = {}): Operations['apply'] =>
    async (_, hooks) => {
      hooks.uncommitted(["it's new.yaml"]);
      if (!(await hooks.approve(view)))
        return applyView({ ending: 'declined', verdict: 'pending', rollouts: [] });
      hooks.progress({
        solution: 'shop' as SolutionName,
        phase: 'progressing',
        done: 1,
        total: 2,
        message: 'start api',
      });
      return applyView(answer);
    };
  const growing = planView([change('shop/api', 'create', { after: shape('api', '1.4.0', 1) })]);
  const losing = planView(threeChanges);
  const terminal = (answer: string | null) =>
    fakeTerminal({ answer, inIsTerminal: true, errIsTerminal: true, outIsTerminal: true });

  it('goes on without a question where nothing is lost', async () => {
    const { code, out, err, questions } = await heliostat(['apply'], { apply: applying(growing) });
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
    expect(out).toContain('Plan: 1 to create in 1 solution.');
    expect(out).toContain('applied b1b2c3d');
    expect(err).toContain('shop progressing 1/2 start api\n');
  });

  it('names model files that are not committed, with a line to be copied', async () => {
    const { err } = await heliostat(['apply'], { apply: applying(growing) });
    expect(err).toContain('1 model file not committed');
    expect(err).toContain(`git add 'it'\\''s new.yaml' && git commit`);
  });

  it('asks before anything is destroyed for good, and only "yes" goes on', async () => {
    const yes = await heliostat(['apply'], { apply: applying(losing) }, { terminal: terminal('yes') });
    expect(yes.code).toBe(0);
    expect(yes.questions[0]).toContain('Destroy instances of 1 element for good?');
    for (const answer of ['y', '', null]) {
      const no = await heliostat(['apply'], { apply: applying(losing) }, { terminal: terminal(answer) });
      expect(no.code).toBe(5);
      expect(no.out).toContain('nothing was done');
    }
  });

  it('ends with 5 where there is nobody to ask, unless --yes was given', async () => {
    const none = await heliostat(['apply', '--json'], { apply: applying(losing) });
    expect(none.code).toBe(5);
    const { reason, ending } = expectDocument('apply', none.out);
    expect(ending).toBe('declined');
    expect(reason).toContain('--yes');
    expect((await heliostat(['apply', '--yes'], { apply: applying(losing) })).code).toBe(0);
  });

  it('refuses another plan than the one that was read', async () => {
    expect((await heliostat(['apply', '--plan', '1:3f0c9a12'], { apply: applying(growing) })).code).toBe(0);
    const other = await heliostat(['apply', '--plan', '1:0000', '--json'], { apply: applying(growing) });
    expect(other.code).toBe(1);
    expect(expectDocument('error', other.out)).toMatchObject({ error: { code: 'plan.changed' } });
  });

  it.each<[Partial<ApplyView>, number]>([
    [{ verdict: 'rejected' }, 3],
    [{ verdict: 'failed' }, 4],
    [{ verdict: 'reverted' }, 4],
    [{ verdict: 'held' }, 5],
    [
      {
        verdict: 'progressing',
        rollouts: applyView().rollouts.map((each) => ({ ...each, phase: 'paused' })),
      },
      5,
    ],
    [{ ending: 'timeout', verdict: 'progressing' }, 2],
    [{ ending: 'notTip', verdict: 'superseded' }, 6],
  ])('tells a script by its exit code how it ended: %j', async (answer, code) => {
    expect((await heliostat(['apply'], { apply: applying(growing, answer) })).code).toBe(code);
  });

  it('writes one moving line on a terminal, and clears it before anything else', async () => {
    const { err } = await heliostat(['apply'], { apply: applying(growing) }, { terminal: terminal(null) });
    expect(err.endsWith('\r\u001b[2Kshop progressing 1/2 start api\r\u001b[2K')).toBe(true);
  });

  it('hands on takeover and timeout', async () => {
    const seen: unknown[] = [];
    const apply: Operations['apply'] = ({ revision, timeoutMs, takeover }) => {
      seen.push({ revision, timeoutMs, takeover });
      return Promise.resolve(applyView());
    };
    await heliostat(['apply', 'HEAD', '--takeover', '--timeout', '1m30s'], { apply });
    expect(seen).toEqual([{ revision: 'HEAD', timeoutMs: 90_000, takeover: true }]);
  });
});

describe('help for a verb that is mistyped', () => {
  it('names the one that was meant', async () => {
    expect((await heliostat(['help', 'aply'])).err).toContain('Did you mean apply?');
  });
});

describe('run', () => {
  it('says at its end what runs on, and how to take it down', async () => {
    const run: Operations['run'] = (_, hooks) => Promise.resolve(hooks.ended(3));
    const { err } = await heliostat(['run'], { run });
    expect(err).toContain('3 instances run on');
    expect(err).toContain('heliostat down');
  });

  it('tells on standard error when it is ready, and on standard output what happens', async () => {
    const run: Operations['run'] = (_, hooks) => {
      hooks.ready({
        domain: 'prod',
        branch: 'main',
        controller: 'ctl-1',
        dashboard: 'http://127.0.0.1:7070',
      });
      hooks.event(eventView);
      return Promise.resolve();
    };
    const { code, out, err } = await heliostat(['run', '--json'], { run });
    expect(code).toBe(0);
    expectDocument('event', out);
    expect(err).toContain('ctl-1 follows main for domain prod');
    expect(err).toContain('http://127.0.0.1:7070');
  });

  it('ends with 130 by Ctrl-C, and with 0 by a supervisor', async () => {
    const ended = async (reason: string) => {
      const interrupt = new AbortController();
      const run = () => Promise.resolve(interrupt.abort(reason));
      return (await heliostat(['run'], { run }, { signal: interrupt.signal })).code;
    };
    expect(await ended('SIGINT')).toBe(130);
    expect(await ended('SIGTERM')).toBe(0);
  });
});

describe('status', () => {
  const status = () => Promise.resolve(statusView());

  it('ends with 0 if all is as asked for, else with 2', async () => {
    expect((await heliostat(['status'], { status })).code).toBe(0);
    const moving = () => Promise.resolve(statusView({ solutions: [solutionView({ phase: 'progressing' })] }));
    expect((await heliostat(['status'], { status: moving })).code).toBe(2);
    const ailing = () => Promise.resolve(statusView({ healthy: false }));
    expect((await heliostat(['status'], { status: ailing })).code).toBe(2);
  });

  it('takes any unique tail of a name, and judges that part alone', async () => {
    const two = () =>
      Promise.resolve(
        statusView({
          healthy: false,
          solutions: [
            solutionView(),
            solutionView({
              name: 'front' as SolutionName,
              healthy: false,
              phase: 'failed',
              elements: [elementView({ healthy: false })],
            }),
          ],
        }),
      );
    const shop = await heliostat(['status', 'shop', '--json'], { status: two });
    expect(shop.code).toBe(0);
    expect(expectDocument('status', shop.out)).toMatchObject({
      healthy: true,
      solutions: [{ name: 'shop' }],
    });
    expect((await heliostat(['status', 'front/api'], { status: two })).code).toBe(2);
    const api = await heliostat(['status', 'api'], { status: two });
    expect(api.code).toBe(1);
    expect(api.err).toContain('"api" stands for 2 things: prod/shop/api, prod/front/api');
    const slip = await heliostat(['status', 'shpo'], { status: two });
    expect(slip.err).toContain('did you mean "prod/shop"?');
  });

  it('repeats itself for --watch, one object a line', async () => {
    const watchStatus: Operations['watchStatus'] = async function* () {
      yield statusView({ healthy: false });
      yield await status();
    };
    const { code, out } = await heliostat(['status', '--watch', '--json'], { watchStatus });
    expect(code).toBe(0);
    for (const line of out.trimEnd().split('\n')) expectDocument('status', line);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('looking back', () => {
  it('blame takes an instance for its element, and bisect a solution alone', async () => {
    const named: string[] = [];
    const blame: Operations['blame'] = ({ target }) => {
      named.push(target);
      return Promise.resolve(blameView);
    };
    const bisect: Operations['bisect'] = ({ target }) => {
      named.push(target);
      return Promise.resolve(bisectView);
    };
    const instance: Operations['targets'] = async (request) => [
      ...(await targets(request)),
      { kind: 'instance', name: 'prod/shop/api/1.4.0~0a1b2c3d/0' },
    ];
    const told = await heliostat(['blame', '1.4.0~0a1b2c3d/0'], { targets: instance, blame });
    expect(told.out).toContain('stays at 1.4.0: 1.5.0 failed in b1b2c3d');
    expectDocument('blame', (await heliostat(['blame', 'shop', '--json'], { targets, blame })).out);
    expect((await heliostat(['bisect', 'shop'], { targets, bisect })).out).toContain(
      'First commit after which it was: b1b2c3d  Raise api to 1.5.0 (Ada',
    );
    expectDocument('bisect', (await heliostat(['bisect', 'shop', '--json'], { targets, bisect })).out);
    expect(await heliostat(['bisect', 'api'], { targets, bisect })).toMatchObject({ code: 1 });
    expect(named).toEqual(['prod/shop/api', 'prod/shop', 'prod/shop', 'prod/shop']);
  });

  it('history, events and logs name their target in full', async () => {
    const seen: (string | null)[] = [];
    const history: Operations['history'] = ({ target }) => {
      seen.push(target);
      return Promise.resolve(historyView);
    };
    const events: Operations['events'] = async function* ({ target }) {
      seen.push(target);
      yield await Promise.resolve(eventView);
    };
    const logs: Operations['logs'] = async function* ({ target, sinceMs, lines }) {
      seen.push(target, String(sinceMs), String(lines));
      yield await Promise.resolve({ instance: 'x' as never, atMs: null, stream: 'out', text: 'hello' });
    };
    expectDocument('history', (await heliostat(['history', 'shop', '--json'], { targets, history })).out);
    expectDocument('event', (await heliostat(['events', 'api', '--json'], { targets, events })).out);
    const { out } = await heliostat(['logs', 'api', '--since', '2026-05-03T10:00:00Z'], { targets, logs });
    expect(out).toBe('x hello\n');
    expect(seen).toEqual([
      'prod/shop',
      'prod/shop/api',
      'prod/shop/api',
      String(Date.UTC(2026, 4, 3, 10)),
      '100',
    ]);
  });

  it('a stream ends when nobody reads it any more', async () => {
    const closing = new AbortController();
    const events: Operations['events'] = async function* ({ signal }) {
      while (!signal.aborted) yield await Promise.resolve(eventView);
    };
    const terminal = { ...fakeTerminal(), closed: closing.signal, out: () => closing.abort() };
    expect((await heliostat(['events', '--follow'], { events }, { terminal })).code).toBe(0);
  });
});

describe('operators', () => {
  it('act with a reason, on the thing in full', async () => {
    const seen: unknown[] = [];
    const act: Operations['resume'] = ({ target, reason }) => {
      seen.push([target, reason]);
      return Promise.resolve({ done: true, message: 'done' });
    };
    const all = { targets, approve: act, resume: act, retry: act, detach: act };
    await heliostat(['approve', 'h-1', '--reason', 'agreed'], all);
    await heliostat(['resume', 'api', '--reason', 'mended'], all);
    await heliostat(['retry', 'shop', '--reason', 'again'], all);
    expect(await heliostat(['detach', 'shop', '--reason', 'moves', '--json'], all)).toMatchObject({
      code: 0,
    });
    expect(seen).toEqual([
      ['h-1', 'agreed'],
      ['prod/shop/api', 'mended'],
      ['prod/shop', 'again'],
      ['prod/shop', 'moves'],
    ]);
    expect((await heliostat(['detach', 'api', '--reason', 'x'], all)).err).toContain(
      'there is no solution "api"',
    );
  });

  it('pause for a time, abort to one of two ends, and restart', async () => {
    const seen: unknown[] = [];
    const done = Promise.resolve({ done: true, message: 'done' });
    const all: Partial<Operations> = {
      targets,
      pause: ({ target, forMs }) => (seen.push(['pause', target, forMs]), done),
      abort: ({ target, revert }) => (seen.push(['abort', target, revert]), done),
      restart: ({ target }) => (seen.push(['restart', target]), done),
    };
    const reason = ['--reason', 'because'];
    await heliostat(['pause', 'api', '--for', '1h30m', ...reason], all);
    await heliostat(['pause', 'shop', ...reason], all);
    await heliostat(['abort', 'shop', ...reason], all);
    await heliostat(['abort', 'shop', '--revert', ...reason], all);
    await heliostat(['restart', 'api', ...reason], all);
    expect(seen).toEqual([
      ['pause', 'prod/shop/api', 5_400_000],
      ['pause', 'prod/shop', null],
      ['abort', 'prod/shop', false],
      ['abort', 'prod/shop', true],
      ['restart', 'prod/shop/api'],
    ]);
    for (const time of ['0s', 'soon', '-1h'])
      expect(await heliostat(['pause', 'api', '--for', time, ...reason], all), time).toMatchObject({
        code: 1,
      });
    expect((await heliostat(['pause', 'api'], all)).err).toContain('--reason');
    expect(seen).toHaveLength(5);
  });

  it('take everything down only after asking', async () => {
    const down: Operations['down'] = async (_, hooks) =>
      (await hooks.approve(['prod/shop/api/1.4.0~0a1b2c3d/0' as never]))
        ? { done: true, message: 'everything is down' }
        : { done: false, message: 'nothing was done' };
    const refused = await heliostat(['down'], { down });
    expect(refused.code).toBe(5);
    expect(refused.err).toContain('- prod/shop/api/1.4.0~0a1b2c3d/0');
    expect(await heliostat(['down', '--yes'], { down })).toMatchObject({
      code: 0,
      out: 'everything is down\n',
    });
  });
});

describe('explain', () => {
  it('tells what a code means', async () => {
    const { code, out } = await heliostat(['explain', 'cli.badTime']);
    expect(code).toBe(0);
    expect(out).toContain('cli.badTime: Not a time');
    expect((await heliostat(['explain', 'cli.badTiem'])).err).toContain('did you mean "cli.badTime"?');
  });

  it('tells where each value of an element was set', async () => {
    const explainElement: Operations['explainElement'] = ({ target }) =>
      Promise.resolve({
        domain: prod,
        explained: {
          key: target.replace('prod/', '') as ElementKey,
          component: 'api',
          position: { file: 'solutions/shop.yaml', line: 9, column: 3 },
          clusters: [
            {
              version: '1.4.0',
              generation: null,
              state: 'active',
              size: 3,
              values: [
                {
                  path: 'logLevel',
                  value: 'warn',
                  layer: 'element',
                  origin: { file: 'solutions/shop.yaml', line: 12, column: 7 },
                },
              ],
              configuration: { command: ['node'] },
              release: null,
            },
          ],
        },
      });
    const { out } = await heliostat(['explain', 'shop/api'], { targets, explainElement });
    expect(out).toContain('prod/shop/api  solutions/shop.yaml:9:3\n\napi 1.4.0 (3 instances)\n');
    expect(out).toContain('  logLevel: "warn"  solutions/shop.yaml:12:7 (element)\n');
    const json = await heliostat(['explain', 'shop/api', '--json'], { targets, explainElement });
    expect(JSON.parse(json.out)).toMatchObject({
      element: 'prod/shop/api',
      clusters: [{ values: [{ line: 12 }] }],
    });
  });
});

describe('provider list', () => {
  it('says what each provider can do', async () => {
    const providers: Operations['providers'] = () =>
      Promise.resolve([
        {
          name: 'process' as never,
          protocol: 1,
          summary: 'Operating-system processes',
          configuration: null,
          reconfigurable: [],
          reconfigureInterrupts: true,
          capabilities: ['watch', 'logs'],
          fencing: 'claim',
          needs: ['port'],
          portRange: [20_000, 24_999],
        },
      ]);
    const { out } = await heliostat(['provider', 'list'], { providers });
    expect(out).toContain('process  Operating-system processes');
    expect(out).toContain('tells of changes · has logs · ports 20000–24999');
  });
});

it('a name of an element key type is never shown raw where a target is meant', async () => {
  const { err } = await heliostat(['logs', '\u001b[31m' as ElementKey], { targets });
  expect(err).not.toContain('\u001b');
});
