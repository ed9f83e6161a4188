import type { Relationship } from '../base/desired.js';
import type { ElementKey } from '../base/names.js';
import { isPrerelease, satisfies, type Version } from '../base/version.js';
import { diagnose, type Finding } from '../model/source.js';
import { didYouMean } from '../model/suggest.js';
import type { Diagnostic } from '../base/diagnostic.js';
import {
  writtenRelationships,
  type WrittenCluster,
  type WrittenElement,
  type WrittenRelationship,
} from './declare.js';
import type { Dependency, Release, ReleaseBody } from './release.js';
import type { DeclaredCluster, ElementFacts, View } from './view.js';

export interface Related {
  /** Sorted by name. */
  readonly relationships: readonly Relationship[];
  /** Relationship → the release whose endpoint template consumers see: the highest in range. */
  readonly providers: ReadonlyMap<string, Release>;
  /** A neighbour has errors of its own, so that nothing can be said of this one. */
  readonly blockedBy: Diagnostic | null;
}

interface Consumer {
  readonly element: WrittenElement;
  readonly cluster: WrittenCluster;
  readonly body: ReleaseBody;
  readonly view: View;
  report(pointer: string, finding: Finding): void;
}

/** What fulfils the dependencies of one cluster, and all that is wrong about it. */
export function relate(
  element: WrittenElement,
  cluster: WrittenCluster,
  body: ReleaseBody,
  view: View,
): Related & { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (pointer: string, finding: Finding): void => {
    diagnostics.push(diagnose(element.source, pointer, finding));
  };
  const consumer: Consumer = { element, cluster, body, view, report };
  const relationships: Relationship[] = [];
  const providers = new Map<string, Release>();
  let blockedBy: Diagnostic | null = null;
  for (const written of writtenRelationships(element, cluster)) {
    const dependency = dependencyOf(consumer, written);
    if (dependency === null) continue;
    const found = providerOf(consumer, written, dependency);
    // One that is blocked or wrong was reported; it is kept, so that references to it are not called unknown as well.
    if (found?.kind === 'blocked') blockedBy = found.by;
    if (found?.kind === 'found') {
      if (found.release !== null) providers.set(written.name, found.release);
      if (isHeldBack(consumer, written)) blockedBy = heldBack(consumer, written);
    }
    relationships.push({
      name: written.name,
      dependency: dependency.name,
      type: dependency.type,
      provider: written.provider,
      component: dependency.component,
      range: dependency.range,
      many: dependency.many,
    });
  }
  checkCounts(consumer);
  return { relationships, providers, blockedBy, diagnostics };
}

function dependencyOf(consumer: Consumer, written: WrittenRelationship): Dependency | null {
  const { element, body, cluster, report } = consumer;
  if (written.document?.configuration !== undefined) {
    report(`${written.pointer}/configuration`, {
      code: 'feature.unavailable',
      message: 'configuration of a relationship is not available in this release',
      fix: 'Put the values into the configuration of the element.',
      aspect: 'key',
    });
  }
  const dependency = body.dependencies.get(written.dependency);
  if (dependency !== undefined) return dependency;
  const known = [...body.dependencies.keys()];
  // What is written for all versions of the element may be for another one of them.
  const shared = cluster.own !== null && !written.pointer.startsWith(cluster.own);
  if (shared && otherVersionHas(consumer, written.dependency)) return null;
  report(written.document?.dependency === undefined ? written.pointer : `${written.pointer}/dependency`, {
    code: 'relationship.dependency',
    message: `${element.document.component} ${cluster.version} has no dependency "${written.dependency}"${didYouMean(written.dependency, known)}`,
    fix:
      known.length === 0
        ? 'Remove the relationship: the component needs nothing.'
        : `Use ${known.join(', ')}.`,
    aspect: written.document?.dependency === undefined ? 'key' : 'value',
  });
  return null;
}

function otherVersionHas(consumer: Consumer, dependency: string): boolean {
  const { element, view } = consumer;
  return Object.keys(element.document.clusters ?? {}).some((version) =>
    view.release(element.document.component, version)?.body?.dependencies.has(dependency),
  );
}

type Found =
  | { readonly kind: 'found'; readonly release: Release | null }
  | { readonly kind: 'blocked'; readonly by: Diagnostic };

function providerOf(consumer: Consumer, written: WrittenRelationship, dependency: Dependency): Found | null {
  const { element, view, report } = consumer;
  const at = written.document === null ? written.pointer : `${written.pointer}/element`;
  if (written.provider === element.key) {
    report(at, {
      code: 'relationship.self',
      message: `${element.key} cannot depend on itself`,
      fix: 'Name another element.',
    });
    return null;
  }
  const facts = view.facts(written.provider);
  if (facts === null) return unknownProvider(consumer, written, dependency, at);
  if (facts.component !== dependency.component) {
    report(at, {
      code: 'relationship.component',
      message: `${written.provider} is of component ${facts.component}, and dependency "${dependency.name}" needs ${dependency.component}`,
      fix: `Name an element of component ${dependency.component}${candidates(consumer, dependency)}.`,
    });
    return null;
  }
  return versionOf(consumer, dependency, facts, at);
}

function unknownProvider(
  consumer: Consumer,
  written: WrittenRelationship,
  dependency: Dependency,
  at: string,
): Found | null {
  const { element, view, report } = consumer;
  const state = view.solution(written.solution);
  if (state === 'broken' || view.broken(written.provider)) return blocked(consumer, written.provider, at);
  if (state === 'absent') {
    const known = view.solutions();
    report(`${written.pointer}/solution`, {
      code: 'relationship.solution',
      message: `there is no solution "${written.solution}" in this domain${didYouMean(written.solution, known)}`,
      fix: `Use one of ${known.slice(0, 20).join(', ')}; relationships never leave their domain.`,
    });
    return null;
  }
  const known = view.elements(written.solution).filter((name) => name !== element.name);
  report(at, {
    code: 'relationship.element',
    message: `there is no element "${written.element}" in solution ${written.solution}${didYouMean(written.element, known)}`,
    fix: `Name an element of component ${dependency.component}${candidates(consumer, dependency)}.`,
  });
  return null;
}

/** Its own errors are reported where they are. */
function blocked({ element }: Consumer, provider: ElementKey, at: string): Found {
  const message = `${element.key} depends on ${provider}, which has errors of its own`;
  const finding = { code: 'relationship.blocked', message, fix: `Mend ${provider} first.` };
  return { kind: 'blocked', by: diagnose(element.source, at, finding) };
}

/** Another solution stays as it was while a part of it cannot be read; what uses it stays with it. */
function isHeldBack({ element, view }: Consumer, { solution }: WrittenRelationship): boolean {
  return solution !== element.solution && view.solution(solution) === 'partly';
}

function heldBack({ element }: Consumer, { provider, solution, pointer }: WrittenRelationship): Diagnostic {
  const message = `${element.key} depends on ${provider}, and solution ${solution} has errors`;
  const finding = { code: 'relationship.blocked', message, fix: `Mend solution ${solution} first.` };
  return diagnose(element.source, pointer, finding);
}

/** Elements of this solution that would do. */
function candidates(consumer: Consumer, dependency: Dependency): string {
  const { element } = consumer;
  const names = Object.entries(element.solutionDocument.elements ?? {})
    .filter(([name, other]) => other.component === dependency.component && name !== element.name)
    .map(([name]) => name)
    .sort();
  return names.length === 0 ? '' : `: ${names.slice(0, 10).join(', ')}`;
}

function versionOf(
  consumer: Consumer,
  dependency: Dependency,
  facts: ElementFacts,
  at: string,
): Found | null {
  const { element, cluster, view, report } = consumer;
  const running = cluster.state === 'active' && cluster.size > 0;
  const offered = facts.clusters.filter(({ state }) => !running || state === 'active');
  const inRange = offered.filter(({ version }) => satisfies(version, dependency.range));
  const who = `${element.key} ${cluster.version}`;
  if (inRange.length === 0) {
    report(at, {
      code: 'dependency.unsatisfied',
      message: `${who} needs ${dependency.component} ${dependency.range}, and ${facts.key} is at ${shownVersions(offered)}`,
      fix: fixFor(dependency, view.versions(dependency.component), facts),
    });
    return null;
  }
  if (running && inRange.every(({ size }) => size === 0)) {
    report(at, {
      code: 'dependency.sizeZero',
      message: `${who} needs ${facts.key}, which has size 0`,
      fix: `Give ${facts.key} a size of 1 or more, or ${element.key} the size 0.`,
    });
    return null;
  }
  // The generation of what lives on a context holds that of the context, so there is none without it.
  if (dependency.type === 'context' && !view.inCycle(facts.key)) {
    const resolved = new Set(view.clusters(facts.key).map(({ version }) => version));
    if (inRange.some(({ version }) => !resolved.has(version))) return blocked(consumer, facts.key, at);
  }
  const highest = inRange[inRange.length - 1] as DeclaredCluster;
  return { kind: 'found', release: view.release(facts.component, highest.version) };
}

function shownVersions(clusters: readonly DeclaredCluster[]): string {
  return clusters.length === 0 ? 'no active version' : clusters.map(({ version }) => version).join(' and ');
}

function fixFor(dependency: Dependency, versions: readonly Version[], facts: ElementFacts): string {
  const fitting = versions.filter((version) => satisfies(version, dependency.range));
  if (fitting.length > 0) {
    return `Set ${facts.key} to ${fitting.slice(-5).reverse().join(' or ')}, or use a version that accepts ${shownVersions(facts.clusters)}.`;
  }
  const pre = versions.some(isPrerelease) ? '; a pre-release counts only where the range names one' : '';
  return `The catalog has no ${dependency.component} in ${dependency.range}${pre}: add one, or change the range in a new release.`;
}

function checkCounts(consumer: Consumer): void {
  const { element, cluster, body, report } = consumer;
  const written = writtenRelationships(element, cluster);
  for (const dependency of body.dependencies.values()) {
    const mine = written.filter((relationship) => relationship.dependency === dependency.name);
    if (mine.length === 0 && !dependency.optional && !dependency.many) {
      report(cluster.own ?? element.pointer, {
        code: 'relationship.missing',
        message: `${element.key} ${cluster.version} needs ${dependency.component} ${dependency.range} as "${dependency.name}", and no relationship says which`,
        fix: `Add relationships: { ${dependency.name}: ELEMENT }${candidates(consumer, dependency)}.`,
        aspect: 'key',
      });
    }
    const second = mine[1];
    if (second !== undefined && !dependency.many) {
      report(second.pointer, {
        code: 'relationship.twice',
        message: `dependency "${dependency.name}" is fulfilled by both "${mine[0]?.name}" and "${second.name}"`,
        fix: 'Remove one of them.',
        aspect: 'key',
      });
    }
  }
}
