import type { Diagnostic } from '../../../../../src/core/base/diagnostic.js';
import type { Digest } from '../../../../../src/core/base/digest.js';
import type {
  ClusterKey,
  ComponentName,
  DomainName,
  ElementKey,
  ElementName,
  Revision,
  SolutionName,
} from '../../../../../src/core/base/names.js';
import type { Range, Version } from '../../../../../src/core/base/version.js';
import {
  actions,
  type Action,
  type Change,
  type ElementShape,
  type Plan,
  type Preview,
  type ValueChange,
} from '../../../../../src/core/plan/types.js';
import type {
  LinkedDiagnostic,
  OutcomeReport,
  PlannedReport,
  SolutionOutcome,
} from '../../../../../src/core/status/comment/types.js';
import { deployed, modelOf } from '../../../../support/deployed.js';
import type { ElementSpec } from '../../../../support/desired.js';

export const prod = 'prod' as DomainName;
export const staging = 'staging' as DomainName;
export const head = 'b2c3d4e5f60718293a4b5c6d7e8f900112233445' as Revision;
export const head2 = 'c3d4e5f60718293a4b5c6d7e8f90011223344556' as Revision;
export const base = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334' as Revision;
export const merged = 'd4e5f60718293a4b5c6d7e8f9001122334455667' as Revision;
export const later = 'e5f60718293a4b5c6d7e8f900112233445566778' as Revision;
export const web = 'https://github.com/acme/shop';

/** 10:46 UTC on the third of May 2026. */
export const atMs = Date.UTC(2026, 4, 3, 10, 46, 12);
export const minute = 60_000;

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
      { key: `${version}~0a1b2c3d` as ClusterKey, version: version as Version, state: 'active', size },
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

export function update(
  element: string,
  from: string,
  to: string,
  values: readonly ValueChange[] = [],
): Change {
  const component = element.replace(/^.*\//, '');
  return change(element, 'update', {
    before: shape(component, from, 3),
    after: shape(component, to, 3),
    reason: `version ${from} → ${to}`,
    values,
  });
}

export function create(element: string, version = '1.0.0', size = 1): Change {
  const component = element.replace(/^.*\//, '');
  return change(element, 'create', { after: shape(component, version, size), reason: 'is new in the model' });
}

export function retire(element: string, version = '1.0.0', size = 2): Change {
  const component = element.replace(/^.*\//, '');
  return change(element, 'retire', {
    before: shape(component, version, size),
    reason: 'is no longer in the model',
    destroysData: true,
  });
}

export function plan(changes: readonly Change[], parts: Partial<Plan> = {}): Plan {
  const summary = Object.fromEntries(
    actions.map((action) => [action, changes.filter((each) => each.action === action).length]),
  ) as Plan['summary'];
  return {
    domain: prod,
    revision: head,
    from: base,
    basis: { kind: 'live', atMs },
    solutions: [],
    changes,
    summary,
    order: changes.map((each) => each.element),
    edges: [],
    staying: [],
    digest: '1:3f0c9a12d4e5f6071829' as Digest,
    seal: '1:5ea1' as Digest,
    holds: [],
    diagnostics: [],
    ...parts,
  };
}

export function planned(made: Plan | null, parts: Partial<PlannedReport> = {}): PlannedReport {
  return {
    domain: made?.domain ?? prod,
    folder: 'envs/prod',
    head,
    base,
    atMs,
    plan: made,
    preview: null,
    diagnostics: [],
    basis: made?.basis ?? null,
    failures: [],
    drift: null,
    catalog: [],
    policies: [],
    applier: { kind: 'daemon', name: 'ctl-1' },
    isFork: false,
    wholeUrl: `${web}/actions/runs/4711`,
    ...parts,
  };
}

export function outcome(
  solutions: readonly SolutionOutcome[],
  parts: Partial<OutcomeReport> = {},
): OutcomeReport {
  return {
    domain: prod,
    revision: merged,
    updatedAtMs: atMs + 20 * minute,
    verdict: solutions[0]?.verdict ?? 'applied',
    reason: null,
    solutions,
    diagnostics: [],
    holds: [],
    conditions: [],
    revert: null,
    differing: null,
    supersededBy: null,
    wholeUrl: null,
    ...parts,
  };
}

export function solution(name: string, parts: Partial<SolutionOutcome>): SolutionOutcome {
  return {
    name: name as SolutionName,
    verdict: 'applied',
    phase: 'succeeded',
    changes: [{ element: 'api' as ElementName, action: 'update', before: '1.4.0', after: '1.5.0' }],
    steps: { done: 14, of: 14 },
    durationMs: 32_000,
    reason: null,
    evidence: [],
    lastStable: base,
    inSteps: [],
    quarantined: [],
    conditions: [],
    ...parts,
  };
}

export function diagnostic(parts: Partial<Diagnostic>): LinkedDiagnostic {
  const whole = {
    code: 'model.unknownField',
    severity: 'error' as const,
    message: 'there is no field "sise"',
    file: 'solutions/shop.yaml',
    line: 12,
    column: 5,
    fix: 'Write "size".',
    ...parts,
  };
  return { ...whole, url: `${web}/blob/${head}/${whole.file}#L${whole.line}` };
}

/** A plan and how it will go, from the code that makes both. */
export function foreseen(
  before: readonly ElementSpec[],
  after: readonly ElementSpec[],
): { plan: Plan; preview: Preview } {
  const world = deployed(before);
  const made = world.plan(modelOf(after));
  if (made === null) throw new Error('the plan refuses it');
  const basis = { kind: 'live' as const, atMs };
  return {
    plan: { ...made, domain: prod, revision: head, from: base, basis },
    preview: world.preview(modelOf(after)).preview,
  };
}
