import type { Revision } from '../../core/base/names.js';
import type { Random } from '../random.js';
import type { Files } from '../repository.js';
import { edited, type EditContext, type EditKind } from './edits.js';
import { Expectations, type Expectation } from './expectations.js';
import { firstModel, impatient } from './generate.js';
import { broken, changedRelease, type Broken } from './invalid.js';
import { mistakesOf } from './judge.js';
import type { Element, Model, Release } from './model.js';
import { consumersOf, keyOf, without } from './model.js';
import type { ActKind, Script } from './script.js';
import { inSteps } from './strategies.js';
import { textsOf } from './texts.js';

/** A model repository as its people have it before them, and what they know of each commit that they made. */
export class Author {
  readonly expectations = new Expectations();
  private now: Model;
  /** What is before them has a mistake, which the next edit mends. */
  private wrong: Broken | null = null;
  /** The commit that what is before them takes back. */
  private revertOf: Revision | null = null;
  private readonly everReleased = new Map<string, Release>();
  private readonly everThere = new Map<string, Element>();

  constructor(random: Random, { isFailing, isStepwise }: Pick<Script, 'isFailing' | 'isStepwise'> = {}) {
    const first = firstModel(random);
    const next = isStepwise === true ? inSteps(first, random) : first;
    this.now = isFailing === true ? impatient(next) : next;
    this.remember();
  }

  get model(): Model {
    return this.now;
  }

  /** What is wrong with what is before them; null: it is valid. */
  get mistake(): string | null {
    return this.wrong?.mistake ?? null;
  }

  /** The files as they are to be committed now. */
  files(): Files {
    return this.wrong?.files ?? textsOf(this.now);
  }

  /** One edit of this kind; false: there is nothing to edit in this way. */
  edit(kind: ActKind, random: Random): boolean {
    if (!kind.startsWith('commit.')) return false;
    const what = kind.slice('commit.'.length);
    if (what === 'invalid') return this.spoil(random);
    if (what === 'revert' || what === 'force') return false;
    const context: EditContext = { random, everReleased: this.everReleased, everThere: this.everThere };
    const next = edited(this.now, what as EditKind, context);
    if (next === null) return false;
    this.set(next, null);
    return true;
  }

  /** A mistake is made; `released`: what is surely known to be released, by `component@version`. */
  spoil(random: Random, released: readonly string[] = []): boolean {
    const known = released.filter((key) => this.now.releases.has(key));
    const wrong =
      known.length > 0 && random.chance(0.3)
        ? changedRelease(this.now, random.pick(known))
        : broken(this.now, random);
    if (wrong === null) return false;
    this.wrong = wrong;
    this.revertOf = null;
    return true;
  }

  /** The work tree becomes that of an earlier commit; `revertOf`: which one is undone by that. */
  goTo(expectation: Expectation, revertOf: Revision | null): void {
    this.set(expectation.model, revertOf);
  }

  /** Undoes one commit and keeps what came after; false: it cannot be taken out by itself. */
  undo(what: Expectation, before: Expectation): boolean {
    const next = takenOut(this.now, what.model, before.model);
    if (next === null || mistakesOf(next).length > 0) return false;
    this.set(next, what.revision);
    return true;
  }

  /** One solution as in an earlier commit; false: it is so already, or does not fit what there is by now. */
  restore(solution: string, { model }: Expectation): boolean {
    const elements = withSolution(this.now, solution, model);
    const next = { ...this.now, elements };
    const isSame = [...elements].every(([key, element]) => this.now.elements.get(key) === element);
    if ((isSame && elements.size === this.now.elements.size) || mistakesOf(next).length > 0) return false;
    this.set(next, null);
    return true;
  }

  /** What is accepted already is asked for again; where nothing was yet, what is before them without its mistake. */
  mend(accepted: Expectation | null): void {
    this.set(accepted?.model ?? this.now, null);
  }

  /** These solutions go, and all that needs them: what was left behind may have no other way on. */
  clear(solutions: ReadonlySet<string>): void {
    let next = this.now;
    const going = [...next.elements.values()].filter(({ solution }) => solutions.has(solution)).map(keyOf);
    for (let key = going.pop(); key !== undefined; key = going.pop()) {
      if (!next.elements.has(key)) continue;
      going.push(...consumersOf(next, key).map(keyOf));
      next = without(next, key);
    }
    this.set(next, null);
  }

  /** Whether these solutions, as they were in an earlier commit, fit what there is by now. */
  canPull(back: ReadonlyMap<string, Model>): boolean {
    return mistakesOf(this.withBack(back)).length === 0;
  }

  /**
   * A controller has committed: these solutions are as they were in an earlier commit. People go on from there, and so
   * does what they know of it.
   */
  pull(revision: Revision, parent: Revision, back: ReadonlyMap<string, Model>): void {
    this.set(this.withBack(back), parent);
    this.committed(revision, parent);
  }

  private withBack(back: ReadonlyMap<string, Model>): Model {
    let next = this.now;
    for (const [name, model] of back) next = { ...next, elements: withSolution(next, name, model) };
    return next;
  }

  committed(revision: Revision, parent: Revision | null): void {
    const { now: model, revertOf, mistake } = this;
    this.expectations.add({ revision, parent, mistake, model, revertOf });
    this.remember();
    this.revertOf = null;
  }

  private set(model: Model, revertOf: Revision | null): void {
    this.now = model;
    this.wrong = null;
    this.revertOf = revertOf;
  }

  private remember(): void {
    for (const [key, release] of this.now.releases) this.everReleased.set(key, release);
    for (const [key, element] of this.now.elements) this.everThere.set(key, element);
  }
}

function withSolution(now: Model, solution: string, as: Model): Map<string, Element> {
  const elements = new Map([...now.elements].filter(([, element]) => element.solution !== solution));
  for (const [key, element] of as.elements) if (element.solution === solution) elements.set(key, element);
  return elements;
}

/** Elements as before that commit, where nobody has touched them since. */
function takenOut(now: Model, what: Model, before: Model): Model | null {
  const elements = new Map(now.elements);
  for (const key of new Set([...what.elements.keys(), ...before.elements.keys()])) {
    const was = before.elements.get(key);
    const made = what.elements.get(key);
    if (was === made) continue;
    if (elements.get(key) !== made) return null;
    if (was === undefined) elements.delete(key);
    else elements.set(key, was);
  }
  return { ...now, elements };
}
