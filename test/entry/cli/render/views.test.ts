import { describe, expect, it } from 'vitest';
import type { ElementName, Generation } from '../../../../src/core/base/names.js';
import type { Version } from '../../../../src/core/base/version.js';
import { applyJson, progressText, renderApply } from '../../../../src/entry/cli/render/apply.js';
import { eventJson, renderEvent, renderLogLine } from '../../../../src/entry/cli/render/events.js';
import { graphJson, renderDot, renderMermaid } from '../../../../src/entry/cli/render/graph.js';
import { historyJson, renderHistory } from '../../../../src/entry/cli/render/history.js';
import { errorJson } from '../../../../src/entry/cli/render/json.js';
import { paintOf } from '../../../../src/entry/cli/render/paint.js';
import { statusJson } from '../../../../src/entry/cli/render/status-json.js';
import { renderStatus } from '../../../../src/entry/cli/render/status.js';
import { durationText } from '../../../../src/entry/cli/render/words.js';
import {
  applyView,
  commitA,
  diagnostic,
  elementView,
  eventView,
  graphView,
  historyView,
  instance,
  may3Ms,
  solutionView,
  statusView,
} from '../support/fixtures.js';
import { expectDocument } from '../support/schema.js';

const paint = paintOf(false);
const brief = { instances: false };

describe('status', () => {
  it('is a tree with addresses; instances that are well are left out', () => {
    expect(renderStatus(statusView(), paint, brief).split('\n')).toEqual([
      '✔ domain prod',
      '  revision b1b2c3d, run by ctl-1 since 2026-05-03 10:00:12Z, observed 2026-05-03 10:00:12Z',
      '',
      '✔ shop  succeeded, revision b1b2c3d',
      '  ✔ api  1.4.0 (1 instance)  http://127.0.0.1:25001',
      '',
    ]);
  });

  it('says of a controller that had nothing to do yet that it runs, and not since when it claims the domain', () => {
    const controller = { name: 'ctl-1', epoch: 0, sinceMs: null, running: true };
    const view = { ...statusView(), controller };
    expect(renderStatus(view, paint, brief)).toContain('run by ctl-1, observed 2026-05-03');
    expect(expectDocument('status', statusJson(view))).toMatchObject({ controller: { since: null } });
  });

  it('shows every instance when asked', () => {
    expect(renderStatus(statusView(), paint, { instances: true })).toContain(
      '      ✔ 1.4.0 #0  healthy  pid 4711  http://127.0.0.1:20001',
    );
  });

  it('shows what is not well without being asked, and what it should be', () => {
    const [cluster] = elementView().clusters;
    const ailing = elementView({
      healthy: false,
      desired: { version: '1.5.0' as Version, size: 2 },
      clusters:
        cluster === undefined
          ? []
          : [
              {
                ...cluster,
                size: 2,
                instances: cluster.instances.map((each) => ({ ...each, health: 'bad' as const })),
              },
            ],
    });
    const text = renderStatus(
      statusView({ solutions: [solutionView({ healthy: false, elements: [ailing] })] }),
      paint,
      brief,
    );
    expect(text).toContain('✖ api  1.4.0 (1 of 2 instances), should be 1.5.0 (2 instances)');
    expect(text).toContain('✖ 1.4.0 #0  not healthy  pid 4711');
  });

  it('does not call ailing what a step has stopped and keeps for the way back', () => {
    const [cluster] = elementView().clusters;
    const [first] = cluster?.instances ?? [];
    if (cluster === undefined || first === undefined) throw new Error('there is no instance');
    const second = { ...first, id: first.id.replace(/0$/, '1') as typeof first.id };
    const shown = (state: 'inactive' | 'active'): string => {
      const api = elementView({
        clusters: [{ ...cluster, size: 1, instances: [first, { ...second, state }] }],
      });
      return renderStatus(statusView({ solutions: [solutionView({ elements: [api] })] }), paint, brief);
    };
    expect(shown('inactive')).not.toContain('#1');
    expect(shown('active')).toContain('1.4.0 #1');
  });

  it('says why a version stays out, and gives the command that mends a condition', () => {
    const solution = solutionView({
      lastStable: commitA,
      quarantined: [
        {
          element: 'api' as ElementName,
          version: '1.5.0' as Version,
          generation: 'ffff0000' as Generation,
          revision: commitA,
          reason: 'never became healthy',
          pullRequest: '#124',
        },
      ],
      conditions: [
        {
          type: 'paused',
          reason: 'operator',
          message: 'paused by Ada',
          sinceMs: may3Ms,
          command: 'heliostat resume shop',
        },
      ],
    });
    const text = renderStatus(statusView({ solutions: [solution] }), paint, brief);
    expect(text).toContain('last stable a1b2c3d');
    expect(text).toContain('! api: 1.5.0 failed in a1b2c3d and stays out, see #124');
    expect(text).toContain(
      '! paused: paused by Ada (operator, since 2026-05-03 10:00:12Z)\n      heliostat resume shop',
    );
  });

  it('shows what concerns the whole domain at its head, without a time that nobody noted', () => {
    const conditions = [
      { type: 'held', reason: 'branch.forced', message: 'main was forced', sinceMs: 0, command: null },
    ];
    const text = renderStatus(statusView({ conditions }), paint, brief);
    expect(text).toContain('Z\n  ! held: main was forced (branch.forced)\n');
    expectDocument('status', statusJson(statusView({ conditions })));
  });

  it('has the keys of its schema, empty or full', () => {
    expectDocument('status', statusJson(statusView()));
    expectDocument(
      'status',
      statusJson(statusView({ revision: null, controller: null, observedAtMs: null, solutions: [] })),
    );
    expectDocument(
      'status',
      statusJson(
        statusView({
          solutions: [solutionView({ phase: null, elements: [elementView({ desired: null })] })],
        }),
      ),
    );
  });
});

describe('history', () => {
  it('tells of each rollout how it ended and what it took back', () => {
    const text = renderHistory(historyView, paint);
    expect(text).toContain(
      '2026-05-03 10:00:12Z  reverted     shop  b1b2c3d  Raise api to 1.5.0 (Ada)  12 s',
    );
    expect(text).toContain('    api 1.5.0 never became healthy');
    expect(text).toContain('    ~ api 1.4.0 → 1.5.0 update');
    expect(text).toContain('    revert of b1b2c3d, by Heliostat');
    expect(text).toContain('    taken back in Git by a1b2c3d');
    expect(text).toContain('    api 1.5.0 stays out');
    expect(text).toContain('under way');
  });

  it('has the keys of its schema', () => {
    expectDocument('history', historyJson(historyView));
  });
});

describe('events and logs', () => {
  it('are a line each', () => {
    expect(renderEvent(eventView, paint)).toBe(
      '2026-05-03 10:00:12Z  operation.begun  prod/shop/api/1.4.0~0a1b2c3d/0  start\n',
    );
    const json = eventJson(eventView);
    expect(json.trimEnd()).not.toContain('\n');
    expectDocument('event', json);
  });

  it('show what a program wrote, and obey none of it', () => {
    const line = {
      instance: instance('shop/api', '1.4.0', 0),
      atMs: null,
      stream: 'out' as const,
      text: '\u001b]0;x\u0007',
    };
    expect(renderLogLine(line, paint, false)).toBe('\\u{1b}]0;x\\u{7}\n');
  });
});

describe('the graph', () => {
  it('is Mermaid in which no range ends a label', () => {
    expect(renderMermaid(graphView).split('\n')).toEqual([
      'graph LR',
      '  subgraph s0["shop"]',
      '    n0["api 1.4.0 (3 instances)"]',
      '    n1["store 1.2.0 (1 instance)"]',
      '  end',
      '  n0 -->|"uses #62;#61;1.2 #60;3 #124;#124; #34;4#34;"| n1',
      '',
    ]);
  });

  it('is a language that Graphviz reads', () => {
    expect(renderDot(graphView)).toContain('n0 -> n1 [label="uses >=1.2 <3 || \\"4\\""];');
  });

  it('has the keys of its schema', () => {
    expect(expectDocument('graph', graphJson(graphView))).toMatchObject({
      edges: [{ from: 'prod/shop/api' }],
    });
  });
});

describe('the end of an apply', () => {
  it('says how it ended and what was done about it', () => {
    const failed = applyView({
      verdict: 'reverted',
      reason: 'api 1.5.0 never became healthy',
      revertCommit: commitA,
    });
    const text = renderApply(failed, paint);
    expect(text).toContain('reverted b1b2c3d');
    expect(text).toContain('api 1.5.0 never became healthy');
    expect(text).toContain('reverted by commit a1b2c3d');
    expect(renderApply(applyView(), paint)).toBe('  shop  succeeded, 1 step in 4.2 s\napplied b1b2c3d\n');
  });

  it('has the keys of its schema', () => {
    expectDocument('apply', applyJson(applyView({ diagnostics: [diagnostic()] })));
  });

  it('shows how far it is in one line', () => {
    const progress = {
      solution: null,
      phase: 'progressing' as const,
      done: 3,
      total: 14,
      message: 'start api\n1.5.0',
    };
    expect(progressText(progress)).toBe('progressing 3/14 start api\\n1.5.0');
  });
});

it('an error for programs has the keys of its schema', () => {
  expectDocument('error', errorJson({ code: 'cli.usage', message: 'm', fix: 'f' }));
});

it('durations are said as people say them', () => {
  expect([0, 250, 3500, 10_000, 59_600, 125_000, 4_800_000].map(durationText)).toEqual([
    '0 s',
    '250 ms',
    '3.5 s',
    '10 s',
    '1 min',
    '2 min 5 s',
    '1 h 20 min',
  ]);
});
