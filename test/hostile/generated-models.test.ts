import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/base/data.js';
import { codes } from '../../src/core/base/codes.js';
import type { Diagnostic } from '../../src/core/base/diagnostic.js';
import type { DomainName, Revision } from '../../src/core/base/names.js';
import type { AcceptedModel } from '../../src/core/graph/model.js';
import type { Ledger, ValidatedTip } from '../../src/core/graph/types.js';
import { shownDiagnostics } from '../../src/core/graph/judge.js';
import { emptyState } from '../../src/core/journal/fold.js';
import { simulate } from '../../src/core/rollout/preview.js';
import { accept } from '../../src/engine/accept.js';
import { planFor } from '../../src/engine/plan-for.js';
import type { Loaded } from '../../src/engine/load/types.js';
import { worldOver } from '../support/desired.js';
import {
  ledgerAfter,
  loadFiles,
  loadFrom,
  MemoryRepository,
  type Asked,
} from '../support/model-repository.js';
import { showed } from '../support/promises.js';
import { changed, edits, type ModelFiles } from './fuzz/models.js';
import { fuzz, tryMany } from './fuzz/runs.js';
import { richModel } from './fuzz/sound.js';

const title = 'any model at all, from a sound one by a few changes, is judged and never believed too early';
const { numRuns, seed } = fuzz(0.7);
/** A rollout of more is foreseen by the deadlines alone. */
const simulatedInstances = 200;

interface Base {
  readonly model: AcceptedModel;
  readonly ledger: Ledger;
  readonly tip: ValidatedTip;
}

async function soundBase(): Promise<Base> {
  const loaded = await loadFiles(richModel);
  expect(loaded.validation.diagnostics).toEqual([]);
  const { releases, tip } = loaded.validation;
  return { model: loaded.model, ledger: ledgerAfter(new Map(), releases), tip };
}

async function judge(files: ModelFiles, asked: Asked): Promise<Loaded> {
  const repository = new MemoryRepository();
  return loadFrom(repository, { kind: 'tree', tree: repository.write({ ...files }) }, asked);
}

/** Everything that a load says, as bytes. */
function shown(loaded: Loaded): string {
  if (loaded.kind === 'noDomain') return canonicalJson(loaded as never);
  if (!('validation' in loaded)) return loaded.kind;
  const { accepted, diagnostics, stale, tip, releases } = loaded.validation;
  const verdict = { accepted, diagnostics, stale, tip, releases };
  if (loaded.kind !== 'loaded') return canonicalJson(verdict as never);
  const kept = new Set(stale.map(({ solution }) => solution));
  const solutions = [...loaded.desired.solutions.values()]
    .filter(({ name }) => !kept.has(name))
    .map((solution) => ({ ...solution, elements: [...solution.elements] }));
  return canonicalJson({ ...verdict, solutions } as never);
}

function expectLocated(diagnostics: readonly Diagnostic[], files: ModelFiles): void {
  expect(diagnostics.length).toBeLessThanOrEqual(shownDiagnostics + 1);
  for (const { code, message, fix, file, line, column } of diagnostics) {
    expect(codes, code).toHaveProperty([code]);
    expect(fix).toMatch(/\S/);
    expect(message.length, message).toBeLessThan(2_000);
    const text = Object.hasOwn(files, file) ? files[file] : undefined;
    if (line === 0) continue;
    expect(text, `${code} is said of ${file}, which is not there`).toBeDefined();
    // A carriage return alone begins no line: it is a character that is refused where it stands.
    const lines = (text ?? '').split(/\r?\n/);
    expect(line, `${code} ${file}`).toBeLessThanOrEqual(lines.length);
    expect(column - 1, `${code} ${file}:${line}:${column} ${message}`).toBeLessThanOrEqual(
      lines[line - 1]?.length ?? 0,
    );
  }
}

/** What was accepted can be planned, written down and foreseen. */
function expectUsable(loaded: Loaded): void {
  if (loaded.kind !== 'loaded' || !loaded.validation.accepted) return;
  const state = emptyState('prod' as DomainName);
  const revision = 'f'.repeat(40) as Revision;
  const names = [...loaded.desired.solutions.keys()];
  const plan = planFor(state, loaded.desired, names, { revision, basis: { kind: 'live', atMs: 0 } });
  const items = accept(state, plan, loaded.validation, {
    revision,
    arrival: 1,
    desired: loaded.desired,
    scope: names,
  });
  const size = plan.changes.reduce((sum, { after }) => sum + (after?.size ?? 0), 0);
  if (size > simulatedInstances) return;
  const planned = items.flatMap(({ solution, entry }) => (solution === null ? [] : [{ solution, entry }]));
  simulate(worldOver(state.tables), planned as Parameters<typeof simulate>[1]);
}

const ownKeys = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

it(title, { timeout: 600_000 }, async (context) => {
  const base = await soundBase();
  let accepted = 0;
  let runs = 0;
  const property = fc.asyncProperty(edits, async (changes) => {
    const files = changed(richModel, changes);
    const asked = { ledger: base.ledger, previousTip: base.tip };
    const whole = await judge(files, asked);
    expect(shown(await judge(files, { ...asked, base: base.model })), 'from the change as from nothing').toBe(
      shown(whole),
    );
    // That is one load more: now and then is enough to see that nothing is left to chance.
    if (runs++ % 5 === 0) expect(shown(await judge(files, asked)), 'the same again').toBe(shown(whole));
    if ('validation' in whole) expectLocated(whole.validation.diagnostics, files);
    expectUsable(whole);
    if ('validation' in whole && whole.validation.accepted) accepted += 1;
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype)), 'nothing polluted').toBe(ownKeys);
  });
  await tryMany(property, { numRuns, seed }, { file: 'test/hostile/generated-models.test.ts', title });
  // Where nothing is ever accepted, nothing was shown of what is.
  expect(accepted).toBeGreaterThan(numRuns / 50);
  showed(context, { hostileInputs: numRuns });
});
