import type { Diagnostic } from '../../../core/base/diagnostic.js';
import type { Stage } from '../../stage.js';
import { Violation, type Watcher } from '../../watcher.js';
import type { Host } from '../../world.js';
import { baseModel, filesOf, type Model } from './base-model.js';
import type { Chain, Step } from './cases.js';
import { House, type Verdict } from './house.js';
import { existing, truthOf, wanted } from './truth.js';

export type Outcome = 'applied' | 'unchanged' | 'paused' | 'held' | 'rejected';

export interface ChainResult {
  readonly steps: number;
  readonly outcomes: readonly Outcome[];
}

export interface Setting {
  readonly host: Host;
  readonly seed: number;
  readonly watchers: readonly ((stage: Stage) => Watcher)[];
}

/** From a stable running model to each of the chain and back to it. @throws Violation that says what was not as it should be */
export async function play(chain: Chain, setting: Setting): Promise<ChainResult> {
  const house = new House(setting.host, setting);
  const base = baseModel();
  demandApplied(await house.commit(filesOf(base)), 'the base model');
  const walk: Walk = { house, setting, before: truthOf(house), steps: 0 };
  const outcomes: Outcome[] = [];
  for (const step of chain.steps) {
    try {
      outcomes.push(await go(walk, step));
      await back(walk, base, outcomes.at(-1) === 'rejected' || outcomes.at(-1) === 'unchanged');
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      throw new Violation(error.invariant, `${step.label}: ${error.message.replace(/^invariant \d+: /, '')}`);
    }
  }
  house.end();
  return { steps: walk.steps + house.world.steps, outcomes };
}

interface Walk {
  readonly house: House;
  readonly setting: Setting;
  /** What was there with the base model. */
  readonly before: readonly string[];
  /** In worlds beside this one. */
  steps: number;
}

async function go(walk: Walk, step: Step): Promise<Outcome> {
  const outcome = await goOnce(walk, step);
  if (step.next === undefined) return outcome;
  // What the next one has to leave alone, if it is rejected, is what is there now.
  const last = await go({ ...walk, before: truthOf(walk.house) }, step.next);
  return last === 'unchanged' || last === 'rejected' ? outcome : last;
}

async function goOnce(walk: Walk, { model, expect }: Step): Promise<Outcome> {
  const { house } = walk;
  const mutations = house.mutations;
  const verdict = await house.commit(filesOf(model));
  const outcome = outcomeOf(verdict);
  if (expect === 'either' ? outcome === 'paused' || outcome === 'held' : outcome !== kindOf(expect))
    throw new Violation(14, `expected ${expect}, and it was ${outcome}: ${describe(verdict)}`);
  switch (outcome) {
    case 'rejected':
      demandLocated(verdict, model, expect);
      demandUntouched(walk, mutations);
      return outcome;
    case 'held':
      demandUntouched(walk, mutations);
      return outcome;
    case 'paused':
      return outcome;
    case 'applied':
    case 'unchanged':
      return arrived(walk, model, mutations);
  }
}

/** A = T: what exists is what the model says, and what a fresh installation of it comes to. */
async function arrived(walk: Walk, model: Model, mutationsBefore: number): Promise<Outcome> {
  const { house, setting } = walk;
  demandSame(wanted(model), existing(house), { invariant: 14, what: 'what the model says' });
  const fresh = new House(setting.host, setting);
  demandApplied(await fresh.commit(filesOf(model)), 'a fresh installation');
  const from = truthOf(fresh);
  demandSame(from, truthOf(house), { invariant: 14, what: 'a fresh installation of the same model' });
  fresh.end();
  walk.steps += fresh.world.steps;
  const isSame = runningOf(from).join('\n') === runningOf(walk.before).join('\n');
  if (!isSame) return 'applied';
  if (house.mutations > mutationsBefore)
    throw new Violation(
      13,
      `nothing that runs is to change, and there were ${house.mutations - mutationsBefore} mutations`,
    );
  return 'unchanged';
}

/** Of what exists, not of what is remembered. */
function runningOf(truth: readonly string[]): string[] {
  return truth.filter((line) => !line.startsWith('memory '));
}

async function back(walk: Walk, base: Model, isStill: boolean): Promise<void> {
  const { house } = walk;
  const { mutations } = house;
  const verdict = await house.commit(filesOf(base));
  // It was started, and says that no way leads back without a person: then nothing is done.
  if (verdict.holds.join() === 'plan.irreversible' && house.mutations === mutations) return;
  demandApplied(verdict, 'the base model again');
  demandSame(walk.before, truthOf(house), { invariant: 15, what: 'what was there before' });
  if (isStill && house.mutations > mutations)
    throw new Violation(
      13,
      `nothing was changed, and going back took ${house.mutations - mutations} mutations`,
    );
}

function outcomeOf(verdict: Verdict): Outcome {
  if (verdict.state === 'rejected') return 'rejected';
  if (verdict.holds.length > 0) return 'held';
  return verdict.paused.length > 0 ? 'paused' : 'applied';
}

function kindOf(expect: Step['expect']): Outcome {
  return expect === 'applied' || expect === 'paused' || expect === 'held' ? expect : 'rejected';
}

function demandApplied(verdict: Verdict, what: string): void {
  const open = verdict.verdicts.filter((line) => !line.endsWith(' applied'));
  if (outcomeOf(verdict) !== 'applied' || open.length > 0 || verdict.verdicts.length === 0)
    throw new Violation(14, `${what} is not applied: ${describe(verdict)}`);
}

/** Every error says where, what and how to mend it; and the one that was expected is among them. */
function demandLocated(verdict: Verdict, model: Model, expect: Step['expect']): void {
  const { diagnostics } = verdict;
  if (diagnostics.length === 0) throw new Violation(11, 'rejected without a reason');
  for (const one of diagnostics)
    if (!isLocated(one, model)) throw new Violation(11, `not located: ${JSON.stringify(one)}`);
  if (expect.includes('.') && !diagnostics.some(({ code }) => code === expect))
    throw new Violation(11, `expected ${expect}, and it was ${describe(verdict)}`);
}

function isLocated({ code, file, line, column, fix, message }: Diagnostic, model: Model): boolean {
  // That there are more of them than are shown has no place of its own.
  if (code === 'file.more') return model.has(file);
  return model.has(file) && line >= 1 && column >= 1 && fix !== '' && message !== '';
}

function demandUntouched({ house, before }: Walk, mutations: number): void {
  if (house.mutations > mutations)
    throw new Violation(11, `rejected, and there were ${house.mutations - mutations} mutations`);
  demandSame(before, truthOf(house), {
    invariant: 11,
    what: 'what was there before a commit that was turned away',
  });
}

function demandSame(
  expected: readonly string[],
  found: readonly string[],
  { invariant, what }: { readonly invariant: number; readonly what: string },
): void {
  const missing = expected.filter((line) => !found.includes(line));
  const surplus = found.filter((line) => !expected.includes(line));
  if (missing.length + surplus.length === 0 && expected.length === found.length) return;
  throw new Violation(invariant, `it differs from ${what}: ${difference(missing, surplus)}`);
}

/** Of two long lines that begin alike only where they part. */
function difference(missing: readonly string[], surplus: readonly string[]): string {
  const [a = '', b = ''] = [missing[0], surplus[0]];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - 80);
  const more = `${missing.length} missing, ${surplus.length} too many`;
  return `${more}; ${a.slice(0, 50)}…${a.slice(from, at + 120)} | ${b.slice(0, 50)}…${b.slice(from, at + 120)}`;
}

function describe({ state, diagnostics, verdicts, holds, paused }: Verdict): string {
  const errors = diagnostics.slice(0, 3).map(({ code, message }) => `${code} ${message}`);
  return `${state} ${JSON.stringify({ errors, verdicts, holds, paused })}`;
}
