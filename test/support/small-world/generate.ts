import type { DesiredElement, RolloutPolicy } from '../../../src/core/base/desired.js';
import type { DesiredSolution } from '../../../src/core/base/desired.js';
import { digestOf, shortHex } from '../../../src/core/base/digest.js';
import type { ElementKey, ElementName, SolutionName } from '../../../src/core/base/names.js';
import { splitElementKey } from '../../../src/core/base/names.js';
import type { Version } from '../../../src/core/base/version.js';
import { satisfies } from '../../../src/core/base/version.js';
import type { Range } from '../../../src/core/base/version.js';
import type { Tables } from '../../../src/core/rollout/tables.js';
import { elementAt } from '../../../src/core/rollout/tables.js';
import type { ElementSpec } from '../desired.js';
import { desiredElement } from '../desired.js';
import type { Random } from './random.js';

export type Model = ReadonlyMap<SolutionName, DesiredSolution>;

interface Written {
  readonly solution: SolutionName;
  readonly name: string;
  major: number;
  generation: number;
  size: number;
  present: boolean;
  readonly needs: { readonly element: ElementKey; readonly type: 'context' | 'service'; range: string }[];
  rollout: Partial<RolloutPolicy>;
  readonly plainEndpoint: boolean;
  expose: number | null;
  readonly repair: 'auto';
  readonly usesEndpoint: boolean;
  setting: number;
}

const ranges = ['*', '>=1', '>=1 <2', '>=1 <3', '>=2 <3', '>=2 <4', '>=3 <4'];

/** A small model repository that changes at random and is valid after every change. */
export class Author {
  readonly elements: Written[] = [];

  constructor(private readonly random: Random) {
    const solutions = random.chance(0.3) ? ['shop', 'platform'] : ['shop'];
    const count = random.between(1, 6);
    for (let i = 0; i < count; i++) this.elements.push(this.fresh(`e${i}`, random.pick(solutions)));
  }

  private fresh(name: string, solution: string): Written {
    const { random } = this;
    const needs: Written['needs'] = [];
    for (const other of this.elements)
      if (random.chance(0.5))
        needs.push({
          element: `${other.solution}/${other.name}` as ElementKey,
          // What lives on what lives on something cannot move without standing still.
          type:
            random.chance(0.75) || other.needs.some((need) => need.type === 'context')
              ? 'service'
              : 'context',
          range: random.pick(ranges.filter((range) => satisfies(versionOf(other), range as Range))),
        });
    return {
      solution: solution as SolutionName,
      name,
      major: random.between(1, 3),
      generation: 0,
      size: random.chance(0.05) ? 0 : random.between(1, 3),
      present: true,
      needs,
      rollout: this.policy(),
      plainEndpoint: random.chance(0.3),
      expose: random.chance(0.2) ? 8000 + this.elements.length : null,
      repair: 'auto',
      usesEndpoint: random.chance(0.4),
      setting: 0,
    };
  }

  private policy(): Partial<RolloutPolicy> {
    const { random } = this;
    const surge = random.between(0, 2);
    return {
      strategy: random.chance(0.12) ? 'recreate' : 'rolling',
      maxSurge: { kind: 'count', value: surge },
      maxUnavailable: { kind: 'count', value: surge === 0 ? 1 : random.between(0, 1) },
      minHealthyTimeMs: random.pick([0, 10, 1_000]),
      drainDelayMs: random.pick([0, 10, 500]),
      onFailure: random.chance(0.2) ? 'abort' : 'pause',
      allowDowntime: true,
      ...(random.chance(0.2) ? { standbyMs: random.pick([1_000, 300_000]) } : {}),
    };
  }

  /** One edit, as a commit has it. */
  edit(): void {
    const { random } = this;
    const element = random.pick(this.elements);
    switch (random.between(0, 8)) {
      case 0:
      case 1:
      case 2:
        element.major = random.between(1, 3);
        if (random.chance(0.8)) this.adapt();
        return;
      case 3:
        element.size = random.chance(0.1) ? 0 : random.between(1, 3);
        return;
      case 4:
        element.generation = random.between(0, 2);
        return;
      case 5:
        element.present = !element.present;
        return;
      case 6:
        element.setting = random.between(0, 2);
        return;
      case 7:
        element.expose = random.chance(0.5) ? random.between(8000, 8010) : null;
        return;
      default:
        element.rollout = this.policy();
    }
  }

  /** Consumers take up ranges in which their providers are. */
  private adapt(): void {
    for (const element of this.elements)
      for (const need of element.needs) {
        const provider = this.elements.find((other) => `${other.solution}/${other.name}` === need.element);
        if (provider === undefined || satisfies(versionOf(provider), need.range as Range)) continue;
        need.range = this.random.pick(
          ranges.filter((range) => satisfies(versionOf(provider), range as Range)),
        );
      }
  }

  save(): string {
    return JSON.stringify(this.elements);
  }

  restore(saved: string): void {
    this.elements.splice(0, this.elements.length, ...(JSON.parse(saved) as Written[]));
  }

  /** Null: no valid model. */
  model(): Model | null {
    const made = new Map<ElementKey, DesiredElement>();
    for (const element of this.elements) {
      if (!element.present) continue;
      const contexts: string[] = [];
      for (const need of element.needs) {
        const provider = made.get(need.element);
        const version = provider?.clusters[0]?.definition.version;
        if (provider === undefined || version === undefined) return null;
        if (!satisfies(version, need.range as Range)) return null;
        if (provider.clusters[0]?.size === 0 && element.size > 0) return null;
        if (need.type === 'context') contexts.push(provider.clusters[0]?.key ?? '');
      }
      made.set(`${element.solution}/${element.name}` as ElementKey, desiredOf(element, contexts));
    }
    const exposed = [...made.values()].flatMap((element) => (element.expose ? [element.expose.port] : []));
    if (new Set(exposed).size < exposed.length) return null;
    return bySolution([...made.values()]);
  }
}

function versionOf(element: Written): Version {
  return `${element.major}.0.0` as Version;
}

function desiredOf(element: Written, contexts: readonly string[]): DesiredElement {
  const provider = element.needs.find((need) => need.type === 'service' || need.type === 'context');
  const spec: ElementSpec = {
    name: element.name,
    version: versionOf(element),
    size: element.size,
    generation: shortHex(digestOf([element.generation, contexts])),
    needs: element.needs.map((need) => ({ ...need, name: need.element.replace('/', '-') })),
    rollout: element.rollout,
    plainEndpoint: element.plainEndpoint,
    ...(element.expose === null ? {} : { expose: element.expose }),
    repair: element.repair,
    configuration:
      element.usesEndpoint && provider !== undefined
        ? {
            kind: 'map',
            entries: {
              setting: { kind: 'literal', value: element.setting },
              url: {
                kind: 'reference',
                reference: {
                  of: 'relationship',
                  name: provider.element.replace('/', '-'),
                  path: ['url'],
                },
              },
            },
          }
        : { kind: 'literal', value: { setting: element.setting } },
  };
  return desiredElement(spec, element.solution);
}

export function bySolution(elements: readonly DesiredElement[]): Model {
  const solutions = new Map<SolutionName, DesiredSolution>();
  for (const name of [...new Set(elements.map((element) => element.solution))].sort()) {
    const own = elements
      .filter((element) => element.solution === name)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    solutions.set(name, {
      name,
      file: `solutions/${name}.yaml`,
      elements: new Map(own.map((element) => [element.name, element] as [ElementName, DesiredElement])),
      digest: digestOf(own.map((element) => element.digest)),
    });
  }
  return solutions;
}

/**
 * Whether every pair can go from what runs now, and from what was wanted last, to this model by
 * one side going first. What cannot is held by the plan, so that it is no test of the executor.
 */
export function hasPath(model: Model, tables: Tables): boolean {
  for (const solution of tables.solutions.values()) {
    for (const consumer of solution.elements.values()) {
      const next = model.get(solution.name)?.elements.get(consumer.name) ?? null;
      for (const cluster of consumer.clusters.values()) {
        for (const old of cluster.definition.relationships) {
          const provider = elementAt(tables, old.provider);
          if (provider === null || old.type !== 'service') continue;
          const at = splitElementKey(old.provider);
          const after = model.get(at.solution)?.elements.get(at.element)?.clusters[0];
          // What is retired waits for its consumers, and they wait for nothing that goes.
          if (after === undefined || next === null) continue;
          const wanted = next.clusters[0]?.definition.relationships.find(
            (candidate) => candidate.provider === old.provider,
          );
          if (wanted === undefined) continue;
          const newServesOld = satisfies(after.definition.version, old.range);
          const oldServesNew = [...provider.clusters.values()].every((existing) =>
            satisfies(existing.definition.version, wanted.range),
          );
          if (!newServesOld && !oldServesNew) return false;
        }
      }
    }
  }
  return true;
}
