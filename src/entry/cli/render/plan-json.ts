import type { DomainName } from '../../../core/base/names.js';
import type {
  Change,
  ElementShape,
  Hold,
  OrderEdge,
  Plan,
  Preview,
  PreviewRow,
  StayingElement,
} from '../../../core/plan/types.js';
import { diagnosticJson } from './diagnostics.js';
import { jsonDocument } from './json.js';
import { isoTime } from './words.js';

/** The plan for programs: `schemas/output/plan.schema.json`. */
export function planJson(view: Planned): string {
  return jsonDocument(planData(view));
}

interface Planned {
  readonly plan: Plan;
  readonly preview: Preview | null;
}

export function planData({ plan, preview }: Planned): object {
  return {
    revision: plan.revision,
    from: plan.from,
    digest: plan.digest,
    basis: { kind: plan.basis.kind, at: isoTime(plan.basis.atMs) },
    summary: plan.summary,
    changes: plan.changes.map((change) => changeJson(plan.domain, change)),
    order: plan.order.map((element) => `${plan.domain}/${element}`),
    edges: plan.edges.map((edge) => edgeJson(plan.domain, edge)),
    staying: plan.staying.map((one) => stayingJson(plan.domain, one)),
    rollout: preview === null ? null : rolloutJson(plan.domain, preview),
    holds: plan.holds.map(holdJson),
    diagnostics: plan.diagnostics.map(diagnosticJson),
  };
}

function changeJson(domain: DomainName, change: Change): object {
  const { element, action, before, after, reason, position, destroysData } = change;
  return {
    element: `${domain}/${element}`,
    action,
    before: shapeJson(domain, before),
    after: shapeJson(domain, after),
    reason,
    file: position.file,
    line: position.line,
    destroysData,
    values: change.values.map((value) => ({
      path: value.path,
      ...(value.before === undefined ? {} : { before: value.before }),
      ...(value.after === undefined ? {} : { after: value.after }),
    })),
  };
}

function shapeJson(domain: DomainName, shape: ElementShape | null): object | null {
  if (shape === null) return null;
  return {
    component: shape.component,
    size: shape.size,
    clusters: shape.clusters.map(({ version, key, state, size }) => ({
      version,
      generation: key.slice(key.indexOf('~') + 1),
      state,
      size,
    })),
    uses: shape.ranges.map(({ relationship, provider, range }) => ({
      relationship,
      element: `${domain}/${provider}`,
      range,
    })),
  };
}

function rolloutJson(domain: DomainName, preview: Preview): object {
  return {
    steps: preview.steps.map(({ atMs, transition, instance }) => ({ atMs, transition, instance })),
    minHealthy: inFull(domain, preview.minHealthy),
    peak: inFull(domain, preview.peak),
    durationMs: preview.durationMs,
    basis: preview.basis,
    stages: preview.stages.map((stage) => ({ ...stage, element: `${domain}/${stage.element}` })),
    rows: preview.rows.map((row) => rowJson(domain, row)),
  };
}

function rowJson(domain: DomainName, { element, cluster, spans }: PreviewRow): object {
  const [version, generation] = cluster.split('~');
  return {
    element: `${domain}/${element}`,
    version,
    generation,
    spans: spans.map(({ fromMs, toMs, instances }) => ({ fromMs, toMs, instances })),
  };
}

function edgeJson(domain: DomainName, { first, then, sideBySide, reason }: OrderEdge): object {
  return { first: `${domain}/${first}`, then: `${domain}/${then}`, sideBySide, reason };
}

function stayingJson(domain: DomainName, one: StayingElement): object {
  const { element, version, at, failed, revision, reason } = one;
  return {
    element: `${domain}/${element}`,
    version,
    at,
    failed: failed.map((each) => ({ element: `${domain}/${each.element}`, version: each.version })),
    revision,
    reason,
  };
}

function inFull(domain: DomainName, numbers: Readonly<Record<string, number>>): object {
  return Object.fromEntries(Object.entries(numbers).map(([key, value]) => [`${domain}/${key}`, value]));
}

function holdJson({ id, code, reason, releasedBy, command }: Hold): object {
  return { id, code, reason, releasedBy, command };
}
