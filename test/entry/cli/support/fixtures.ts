import type { Diagnostic } from '../../../../src/core/base/diagnostic.js';
import type { Digest } from '../../../../src/core/base/digest.js';
import type {
  ClusterKey,
  ComponentName,
  DomainName,
  ElementKey,
  ElementName,
  Generation,
  InstanceId,
  Revision,
  RolloutId,
  SolutionName,
} from '../../../../src/core/base/names.js';
import type { Range, Version } from '../../../../src/core/base/version.js';
import {
  actions,
  type Action,
  type Change,
  type ElementShape,
  type Plan,
} from '../../../../src/core/plan/types.js';
import type { EventView, GraphView, HistoryView, StatusView } from '../../../../src/core/status/view.js';
import type {
  ApplyView,
  BisectView,
  BlamedChange,
  BlameView,
  PlanView,
} from '../../../../src/entry/cli/operations.js';

export const prod = 'prod' as DomainName;
export const commitA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334' as Revision;
export const commitB = 'b1b2c3d4e5f60718293a4b5c6d7e8f9001122334' as Revision;
export const may3Ms = Date.UTC(2026, 4, 3, 10, 0, 12);
export const noLines = () => null;

export function shape(
  component: string,
  version: string,
  size: number,
  uses: Record<string, string> = {},
): ElementShape {
  return {
    digest: `1:${component}${version}` as Digest,
    component: component as ComponentName,
    size,
    clusters: [
      {
        key: `${version}~0a1b2c3d` as ClusterKey,
        version: version as Version,
        state: 'active',
        size,
      },
    ],
    ranges: Object.entries(uses).map(([provider, range]) => ({
      relationship: provider.replace(/^.*\//, ''),
      provider: provider as ElementKey,
      range: range as Range,
    })),
  };
}

export function change(element: string, action: Action, parts: Partial<Change>): Change {
  return {
    element: element as ElementKey,
    action,
    before: null,
    after: null,
    values: [],
    reason: '',
    position: { file: `solutions/${element.split('/')[0] ?? ''}.yaml`, line: 9, column: 5 },
    destroysData: false,
    ...parts,
  };
}

export function plan(changes: readonly Change[], parts: Partial<Plan> = {}): Plan {
  const summary = Object.fromEntries(
    actions.map((action) => [action, changes.filter((each) => each.action === action).length]),
  ) as Plan['summary'];
  return {
    domain: prod,
    revision: commitB,
    from: commitA,
    basis: { kind: 'live', atMs: may3Ms },
    solutions: [],
    changes,
    summary,
    order: changes.map((each) => each.element),
    edges: [],
    staying: [],
    digest: '1:3f0c9a12' as Digest,
    seal: '1:5ea1' as Digest,
    holds: [],
    diagnostics: [],
    ...parts,
  };
}

export function planView(changes: readonly Change[], parts: Partial<PlanView> = {}): PlanView {
  return { plan: plan(changes), preview: null, folder: '', uncommitted: null, sourceLine: noLines, ...parts };
}

/** An upgrade, an addition, and an element that goes. */
export const threeChanges: readonly Change[] = [
  change('shop/api', 'update', {
    before: shape('api', '1.4.0', 2, { 'shop/store': '>=1.2 <3' }),
    after: shape('api', '1.5.0', 3, { 'shop/store': '>=2 <3', 'platform/mail': '^1' }),
    reason: 'version 1.4.0 becomes 1.5.0',
    values: [{ path: 'logLevel', before: 'warn', after: 'info' }],
  }),
  change('shop/cache', 'create', { after: shape('cache', '2.0.0', 1), reason: 'new in the model' }),
  change('front/old', 'retire', {
    before: shape('web', '0.9.0', 2),
    reason: 'no longer in the model',
    destroysData: true,
  }),
];

export function diagnostic(parts: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'model.unknownKey',
    severity: 'error',
    message: 'unknown key "verison"; did you mean "version"?',
    file: 'solutions/shop.yaml',
    line: 9,
    column: 5,
    fix: 'Rename it to "version".',
    ...parts,
  };
}

export function instance(
  element: string,
  version: string,
  ordinal: number,
  generation = '0a1b2c3d',
): InstanceId {
  return `prod/${element}/${version}~${generation}/${ordinal}` as InstanceId;
}

export function statusView(parts: Partial<StatusView> = {}): StatusView {
  return {
    domain: prod,
    revision: commitB,
    controller: { name: 'ctl-1', epoch: 4, sinceMs: may3Ms, running: true },
    observedAtMs: may3Ms,
    healthy: true,
    conditions: [],
    solutions: [solutionView()],
    ...parts,
  };
}

export function solutionView(
  parts: Partial<StatusView['solutions'][number]> = {},
): StatusView['solutions'][number] {
  return {
    name: 'shop' as SolutionName,
    revision: commitB,
    lastStable: commitB,
    healthy: true,
    phase: 'succeeded',
    quarantined: [],
    conditions: [],
    elements: [elementView()],
    ...parts,
  };
}

export function elementView(
  parts: Partial<StatusView['solutions'][number]['elements'][number]> = {},
): StatusView['solutions'][number]['elements'][number] {
  return {
    name: 'api' as ElementName,
    component: 'api' as ComponentName,
    healthy: true,
    endpoint: 'http://127.0.0.1:25001',
    desired: { version: '1.4.0' as Version, size: 1 },
    clusters: [
      {
        version: '1.4.0' as Version,
        generation: '0a1b2c3d' as Generation,
        state: 'active',
        size: 1,
        active: 1,
        instances: [
          {
            id: instance('shop/api', '1.4.0', 0),
            state: 'active',
            health: 'good',
            endpoint: 'http://127.0.0.1:20001',
            resource: 'pid 4711',
          },
        ],
      },
    ],
    ...parts,
  };
}

export const historyView: HistoryView = {
  rollouts: [
    {
      id: 'r-2' as RolloutId,
      solution: 'shop' as SolutionName,
      revision: commitB,
      author: 'Ada',
      subject: 'Raise api to 1.5.0',
      pullRequest: { number: 12, url: 'https://github.com/acme/shop/pull/12' },
      verdict: 'reverted',
      reason: 'api 1.5.0 never became healthy',
      startedAtMs: may3Ms,
      durationMs: 12_300,
      reverts: null,
      revertMadeBy: null,
      revert: { outcome: 'made', commit: commitA, branch: 'main', reason: null, pullRequest: null },
      quarantined: [
        { element: 'api' as ElementName, version: '1.5.0', generation: '0a1b2c3d', inForce: true },
      ],
      changes: [{ element: 'api' as ElementName, action: 'update', before: '1.4.0', after: '1.5.0' }],
    },
    {
      id: 'r-1' as RolloutId,
      solution: 'shop' as SolutionName,
      revision: commitA,
      author: 'Ada',
      subject: 'Begin',
      pullRequest: null,
      verdict: 'progressing',
      reason: null,
      startedAtMs: may3Ms,
      durationMs: null,
      reverts: commitB,
      revertMadeBy: 'heliostat',
      revert: null,
      quarantined: [],
      changes: [{ element: 'api' as ElementName, action: 'create', before: null, after: '1.4.0' }],
    },
  ],
};

const raised: BlamedChange = {
  revision: commitB,
  author: 'Ada',
  subject: 'Raise api to 1.5.0',
  pullRequest: { number: 12, url: 'https://github.com/acme/shop/pull/12' },
  committedAtMs: may3Ms,
  rollout: 'r-2' as RolloutId,
  startedAtMs: may3Ms,
  endedAtMs: may3Ms + 12_300,
  verdict: 'reverted',
  reason: 'api 1.5.0 never became healthy',
  before: '1.4.0',
  after: '1.5.0',
  values: [],
  reverts: null,
  revertMadeBy: null,
  revert: { outcome: 'made', commit: commitA, branch: 'main', reason: null, pullRequest: null },
  quarantined: [{ element: 'api' as ElementName, version: '1.5.0', generation: '0a1b2c3d', inForce: true }],
};

const begun: BlamedChange = {
  ...raised,
  revision: commitA,
  subject: 'Begin',
  pullRequest: { number: 7, url: null },
  verdict: 'applied',
  before: null,
  after: '1.4.0',
  values: [{ path: 'configuration.note', before: undefined, after: 'warn' }],
  revert: null,
  quarantined: [],
};

export const blameView: BlameView = {
  domain: prod,
  target: 'prod/shop/api',
  down: false,
  elements: [
    {
      element: 'shop/api' as ElementKey,
      aspects: [
        { aspect: 'version', value: '1.4.0', by: begun, undone: [raised] },
        { aspect: 'size', value: '2', by: null, undone: [] },
        { aspect: 'configuration', value: '0a1b2c3d', by: { ...begun, endedAtMs: null }, undone: [] },
      ],
    },
  ],
};

export const bisectView: BisectView = {
  domain: prod,
  solution: 'shop' as SolutionName,
  unhealthy: 'before',
  commits: 1_000,
  read: 12,
  first: {
    status: commitA,
    lastGood: commitB,
    sinceMs: may3Ms,
    untilMs: may3Ms + 60_000,
    when: 'rollout',
    revision: commitB,
    author: 'Ada',
    subject: 'Raise api to 1.5.0',
    committedAtMs: may3Ms,
    phase: 'reverting',
    reason: 'api 1.5.0 never became healthy',
    changes: [{ element: 'api' as ElementName, action: 'update', before: '1.4.0', after: '1.5.0' }],
    evidence: ['start failed: exit code 1'],
    together: [{ revision: commitA, author: 'Ada', subject: 'Begin' }],
    revert: { outcome: 'made', commit: commitA, branch: 'main', reason: null, pullRequest: null },
  },
};

export const eventView: EventView = {
  sequence: 7,
  atMs: may3Ms,
  domain: prod,
  solution: 'shop' as SolutionName,
  kind: 'operation.begun',
  subject: instance('shop/api', '1.4.0', 0),
  message: 'start',
  data: { transition: 'start' },
};

export const graphView: GraphView = {
  domain: prod,
  nodes: [
    {
      id: 'shop/api' as ElementKey,
      solution: 'shop' as SolutionName,
      element: 'api' as ElementName,
      component: 'api' as ComponentName,
      versions: ['1.4.0' as Version],
      size: 3,
    },
    {
      id: 'shop/store' as ElementKey,
      solution: 'shop' as SolutionName,
      element: 'store' as ElementName,
      component: 'store' as ComponentName,
      versions: ['1.2.0' as Version],
      size: 1,
    },
  ],
  edges: [
    {
      from: 'shop/api' as ElementKey,
      to: 'shop/store' as ElementKey,
      type: 'service',
      relationship: 'store',
      range: '>=1.2 <3 || "4"' as Range,
    },
  ],
};

export function applyView(parts: Partial<ApplyView> = {}): ApplyView {
  return {
    revision: commitB,
    ending: 'verdict',
    verdict: 'applied',
    rollouts: [
      {
        id: 'r-1' as RolloutId,
        solution: 'shop' as SolutionName,
        phase: 'succeeded',
        durationMs: 4200,
        steps: [{ transition: 'create', instance: instance('shop/api', '1.4.0', 0), outcome: 'done' }],
      },
    ],
    revertCommit: null,
    pullRequest: null,
    reason: null,
    diagnostics: [],
    sourceLine: noLines,
    ...parts,
  };
}
