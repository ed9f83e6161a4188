import type { Range, Version } from '../../core/base/version.js';
import { satisfies } from '../../core/base/version.js';

/** A need of a release: of a component in a range of versions. Its name is that of the component. */
export interface Need {
  readonly component: string;
  readonly type: 'service' | 'context';
  readonly range: string;
  readonly optional: boolean;
}

/** What never changes of a component: what kind of thing it is. */
export interface Component {
  readonly name: string;
  readonly provider: 'machine' | 'cloud' | 'rules';
  /** Its endpoint names the instance, so that consumers reach it by a listener. */
  readonly isReached: boolean;
  readonly probe: string | null;
  /** Lines of timeouts and retries, or nothing. */
  readonly limits: string;
  readonly usesSecret: boolean;
}

/** A release is for ever: one component and version is one text in all of a run. */
export interface Release {
  readonly component: Component;
  readonly version: string;
  readonly needs: readonly Need[];
  /** Something in it that cannot be changed in a running instance. */
  readonly build: number;
}

/** One step of a canary. */
export interface StepWords {
  readonly share: `size: ${string}` | `weight: ${number}`;
  readonly pause: string;
  readonly gates: readonly GateWords[];
}

export interface GateWords {
  readonly name: string;
  readonly interval: string;
  readonly count: number;
  readonly failureLimit: number;
  readonly errorLimit: number;
}

export interface Policy {
  readonly strategy: 'rolling' | 'recreate' | 'canary' | 'blueGreen';
  readonly surge: number;
  readonly unavailable: number;
  readonly onFailure: 'pause' | 'abort' | 'revert' | null;
  /** Of a canary; empty: it goes all the way at once. */
  readonly steps: readonly StepWords[];
  /** Null: as the format has it by default. */
  readonly promote: 'auto' | 'manual' | null;
  /** Lines such as `minHealthyTime: 10ms` that differ from those of the domain. */
  readonly times: readonly string[];
}

export interface Element {
  readonly solution: string;
  readonly name: string;
  readonly component: string;
  readonly version: string;
  readonly size: number;
  /** Component that is needed → key of the element that gives it. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly setting: number;
  readonly mode: number;
  readonly policy: Policy | null;
  readonly repair: 'auto' | 'report' | 'hold' | null;
  readonly expose: number | null;
}

export interface DomainWords {
  readonly allowDowntime: boolean;
  /** Lines of the default rollout. */
  readonly rollout: readonly string[];
  readonly repair: 'auto' | 'report' | 'hold';
  readonly repairInterval: string | null;
}

/** What a model repository says, as data. Never changed: each edit makes another. */
export interface Model {
  readonly domain: DomainWords;
  /** `api@1.0.0` → release. */
  readonly releases: ReadonlyMap<string, Release>;
  /** By key, `shop/api`. */
  readonly elements: ReadonlyMap<string, Element>;
  /** Words that stand in every file and mean nothing: a commit that changes them alone changes nothing. */
  readonly remark: number;
}

export function keyOf(element: { readonly solution: string; readonly name: string }): string {
  return `${element.solution}/${element.name}`;
}

export function releaseOf(model: Model, element: Element): Release | undefined {
  return model.releases.get(`${element.component}@${element.version}`);
}

export function accepts(range: string, version: string): boolean {
  return satisfies(version as Version, range as Range);
}

export function withElement(model: Model, element: Element): Model {
  return { ...model, elements: new Map(model.elements).set(keyOf(element), element) };
}

export function without(model: Model, key: string): Model {
  const elements = new Map(model.elements);
  elements.delete(key);
  return { ...model, elements };
}

export function withRelease(model: Model, release: Release): Model {
  const key = `${release.component.name}@${release.version}`;
  return { ...model, releases: new Map(model.releases).set(key, release) };
}

/** Elements that use this one, whatever for. */
export function consumersOf(model: Model, key: string): Element[] {
  return [...model.elements.values()].filter((element) =>
    needsOf(model, element).some((need) => element.bindings[need.component] === key),
  );
}

/** The needs of an element that are fulfilled, or have to be. */
export function needsOf(model: Model, element: Element): Need[] {
  const release = releaseOf(model, element);
  return (release?.needs ?? []).filter(
    (need) => !need.optional || element.bindings[need.component] !== undefined,
  );
}
