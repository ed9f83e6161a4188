import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.js';
import { digestOf, type Digest } from '../base/digest.js';
import { elementKey, type ElementKey, type SolutionName } from '../base/names.js';
import type { DesiredSolution } from '../base/desired.js';
import { byCodeUnit } from '../base/order.js';
import type { Edits } from './edits.js';
import type { Change } from './change.js';
import type { Evaluated } from './evaluate.js';
import type { AcceptedModel } from './model.js';
import { claimOf } from './source-stage.js';
import type { Validation, ValidatedTip } from './types.js';

export interface Judged {
  readonly validation: Validation;
  readonly desired: ReadonlyMap<SolutionName, DesiredSolution>;
}

interface Blame {
  readonly loud: Diagnostic[];
  readonly blocked: Diagnostic[];
}

/**
 * Whether a revision is accepted: an error that the last tip had, in a solution whose inputs are the same
 * since, is not this commit's. That solution keeps what it was last accepted with.
 */
export function judge(
  evaluated: Evaluated,
  change: Change,
  base: AcceptedModel | null,
  previous: ValidatedTip | null,
): Judged {
  const { edits } = evaluated;
  const blames = collect(edits);
  const stamps = new Stamps(edits, change);
  const errors: { [owner: string]: ValidatedTip['errors'][string] } = {};
  const stale = new Map<string, string>();
  const rejecting: Blame[] = [];
  for (const owner of [...blames.keys()].sort(byCodeUnit)) {
    const blame = blames.get(owner) as Blame;
    const found = [...blame.loud, ...blame.blocked];
    const codes = [...new Set(found.map(({ code, message }) => `${code} ${message}`))].sort();
    const inputs = stamps.of(owner);
    const before =
      previous !== null && Object.hasOwn(previous.errors, owner) ? previous.errors[owner] : undefined;
    const isNew = before?.inputs !== inputs || !codes.every((code) => before.codes.includes(code));
    errors[owner] = isNew ? { inputs, codes, isNew } : { inputs, codes };
    if (isNew) rejecting.push(blame);
    else if (!owner.includes('.')) stale.set(owner, found[0]?.code ?? '');
  }
  const quiet = rejecting.length > 0 && rejecting.every((blame) => blame.loud.length === 0);
  const diagnostics = [
    ...collectAll(edits),
    ...(quiet ? rejecting.flatMap((blame) => blame.blocked) : []),
  ].sort(compareDiagnostics);
  const desired = settle(evaluated, base, { blames, stale });
  return {
    desired,
    validation: {
      accepted: rejecting.length === 0,
      diagnostics: bounded(distinct(diagnostics)),
      stale: [...stale].map(([solution, code]) => ({ solution: solution as SolutionName, code })),
      tip: { errors },
      releases: edits.pending.keys().flatMap((key) => edits.pending.get(key) ?? []),
      changed: changedSolutions(desired, evaluated, base),
      touched: edits.touched,
    },
  };
}

function collect(edits: Edits): Map<string, Blame> {
  const blames = new Map<string, Blame>();
  for (const id of edits.troubles.keys()) {
    const trouble = edits.troubles.get(id);
    if (trouble === undefined) continue;
    const loud = trouble.diagnostics.filter((found) => found.severity === 'error');
    if (loud.length + trouble.blocked.length === 0) continue;
    for (const owner of trouble.owners) {
      const blame = blames.get(owner) ?? { loud: [], blocked: [] };
      blame.loud.push(...loud);
      blame.blocked.push(...trouble.blocked);
      blames.set(owner, blame);
    }
  }
  return blames;
}

function collectAll(edits: Edits): Diagnostic[] {
  return edits.troubles.keys().flatMap((id) => edits.troubles.get(id)?.diagnostics ?? []);
}

/** One line is said once, however many clusters or users it concerns. Sorted before. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((found, i) => {
    const before = diagnostics[i - 1];
    return before === undefined || compareDiagnostics(before, found) !== 0;
  });
}

/** Of one revision; more help nobody. */
export const shownDiagnostics = 2_000;

/** Errors before warnings, where not all can be shown; in the order as before. */
function bounded(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= shownDiagnostics) return diagnostics;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const shown = (errors.length > shownDiagnostics ? errors : diagnostics).slice(0, shownDiagnostics);
  const rest = diagnostics.length - shownDiagnostics;
  const more: Diagnostic = {
    code: 'model.more',
    severity: errors.length > 0 ? 'error' : 'warning',
    message: `${rest} more mistakes in the model are not shown`,
    file: shown.at(-1)?.file ?? '',
    line: 0,
    column: 0,
    fix: 'Mend those that are shown, then validate again.',
  };
  return [...shown, more];
}

/** What each solution is to be: as evaluated, or as last accepted where it is stale. */
function settle(
  { edits, touchedSolutions }: Evaluated,
  base: AcceptedModel | null,
  of: { readonly blames: ReadonlyMap<string, Blame>; readonly stale: ReadonlyMap<string, string> },
): ReadonlyMap<SolutionName, DesiredSolution> {
  const names = new Set([...touchedSolutions, ...of.blames.keys()]);
  const desired = new Map(base?.desired ?? []);
  let added = false;
  for (const name of names as Set<SolutionName>) {
    const fresh = of.blames.has(name) ? null : (edits.solutions.get(name)?.desired ?? null);
    const kept = of.stale.has(name) ? (base?.desired.get(name) ?? null) : null;
    const next = fresh ?? kept;
    if (next === null) desired.delete(name);
    else {
      added ||= !desired.has(name);
      desired.set(name, next);
    }
  }
  return added ? new Map([...desired].sort(([a], [b]) => byCodeUnit(a, b))) : desired;
}

function changedSolutions(
  desired: ReadonlyMap<SolutionName, DesiredSolution>,
  { touchedSolutions }: Evaluated,
  base: AcceptedModel | null,
): readonly SolutionName[] {
  const names = new Set([...touchedSolutions, ...(base === null ? desired.keys() : [])]) as Set<SolutionName>;
  return [...names]
    .filter((name) => desired.get(name)?.digest !== base?.desired.get(name)?.digest)
    .sort(byCodeUnit);
}

/** Digests of what a verdict came from; made only for what has errors. */
class Stamps {
  private readonly known = new Map<string, unknown>();

  constructor(
    private readonly edits: Edits,
    private readonly change: Change,
  ) {}

  of(owner: string): Digest {
    return owner.includes('.') ? digestOf(this.file(owner)) : digestOf(this.solution(owner as SolutionName));
  }

  private file(path: string): unknown {
    const source = this.edits.sources.get(path);
    if (source === undefined) return [path, null];
    const claim = claimOf(source, this.change.domain.folder);
    const release =
      claim?.startsWith('release:') === true ? this.edits.releases.get(claim.slice(8)) : undefined;
    return [path, source.oid, release?.meaning ?? null];
  }

  private solution(name: SolutionName): unknown {
    const { edits, change } = this;
    const record = edits.solutions.get(name);
    const files = (edits.claims.get(`solution:${name}`) ?? []).map((path) => [
      path,
      edits.sources.get(path)?.oid,
    ]);
    const reads = new Set(record?.reads ?? []);
    for (const element of record?.elements ?? []) {
      for (const read of edits.elements.get(elementKey(name, element))?.reads ?? []) reads.add(read);
    }
    const { defaults, limits } = change.domain.document;
    return [
      files,
      defaults ?? null,
      limits ?? null,
      [...reads].sort().map((read) => [read, this.answer(read)]),
    ];
  }

  private answer(read: string): unknown {
    if (!this.known.has(read)) this.known.set(read, this.look(read));
    return this.known.get(read);
  }

  private look(read: string): unknown {
    const { edits } = this;
    const at = read.indexOf(':');
    const [kind, key] = [read.slice(0, at), read.slice(at + 1)];
    switch (kind) {
      case 'release':
        return edits.releases.get(key)?.meaning ?? null;
      case 'versions':
        return edits.versions.get(key) ?? null;
      case 'facts':
        return edits.elements.get(key)?.facts ?? null;
      case 'clusters':
        return edits.elements.get(key)?.clusters ?? null;
      case 'consumers':
        return edits.consumersOf(key as ElementKey);
      case 'names':
        return edits.solutions.get(key)?.elements ?? null;
      case 'solution':
        return edits.solutions.has(key);
      case 'port':
        return edits.ports.sorted(key);
      default:
        return null;
    }
  }
}
