import { checkSteps, checkTraffic } from './canary-check.js';
import type { ClusterDefinition, DesiredCluster, DesiredElement, RolloutPolicy } from '../base/desired.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { digestOf, shortHex, type Digest } from '../base/digest.js';
import { clusterKey, type ComponentName, type Generation } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Template } from '../base/template.js';
import { isPrerelease, satisfies, type Version } from '../base/version.js';
import { diagnose, positionIn, type Finding } from '../model/source.js';
import { mapTemplate } from '../model/substitute.js';
import { didYouMean } from '../model/suggest.js';
import { configure } from './configure.js';
import { writtenClusters, type WrittenCluster, type WrittenElement } from './declare.js';
import { rolloutPolicy } from './policy.js';
import { checkHealth, checkPolicy, checkPort } from './policy-check.js';
import { relate, type Related } from './relate.js';
import { duration, type Release, type ReleaseBody } from './release.js';
import type { ElementFacts, ResolvedCluster, View } from './view.js';

export interface Resolved {
  /** Null where something is wrong. */
  readonly desired: DesiredElement | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Errors of others that this element cannot do without; shown only where nothing else says why. */
  readonly blocked: readonly Diagnostic[];
  /** As far as they could be resolved. */
  readonly clusters: readonly ResolvedCluster[];
}

/** One element as it should be, or all that is wrong with it. */
export function resolve(element: WrittenElement, facts: ElementFacts, view: View): Resolved {
  return new Resolving(element, facts, view).run();
}

interface MadeCluster {
  readonly cluster: DesiredCluster;
  /** Of what it shares with all clusters of its release. */
  readonly common: Digest;
}

class Resolving {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly blocked: Diagnostic[] = [];
  private readonly policy: RolloutPolicy;

  constructor(
    private readonly element: WrittenElement,
    private readonly facts: ElementFacts,
    private readonly view: View,
  ) {
    this.policy = rolloutPolicy(element.defaults, element.document.rollout);
  }

  run(): Resolved {
    const { element, facts, view, policy } = this;
    const report = (pointer: string, finding: Finding): void => this.report(pointer, finding);
    checkPolicy({ element, facts, policy, view, report });
    checkSteps({ element, facts, policy, report });
    checkPort({ element, facts, view, report });
    const made: MadeCluster[] = [];
    const written = writtenClusters(element);
    for (const cluster of written) {
      const resolved = this.cluster(cluster);
      if (resolved !== null) made.push(resolved);
    }
    made.sort((a, b) => byCodeUnit(a.cluster.key, b.cluster.key));
    const wrong = this.blocked.length > 0 || this.diagnostics.some((found) => found.severity === 'error');
    return {
      desired: wrong || made.length !== written.length ? null : this.desired(made),
      diagnostics: this.diagnostics,
      blocked: this.blocked,
      clusters: made.map(({ cluster: { key, state, size, definition } }) => ({
        key,
        state,
        size,
        version: definition.version,
      })),
    };
  }

  private report(pointer: string, finding: Finding): void {
    this.diagnostics.push(diagnose(this.element.source, pointer, finding));
  }

  private cluster(cluster: WrittenCluster): MadeCluster | null {
    const { element, view } = this;
    const release = this.release(cluster);
    if (release === null || release.body === null) return null;
    const { body, broken } = release;
    const related = relate(element, cluster, body, view);
    this.diagnostics.push(...related.diagnostics);
    if (related.blockedBy !== null) this.blocked.push(related.blockedBy);
    this.checkHealth(release, body);
    const configured = configure(element, cluster, { release, body, related }, view);
    this.diagnostics.push(...configured.diagnostics.filter((found) => !saidOf(release, found)));
    if (broken !== null) return null;
    if (related.blockedBy !== null || related.diagnostics.length + configured.diagnostics.length > 0)
      return null;
    const { configuration, endpoint } = configured;
    this.checkTraffic(release, endpoint);
    const configurationDigest = view.digestOf(configuration);
    const generation = this.generation(body, related, { configuration, configurationDigest });
    const definition: ClusterDefinition = {
      component: release.component,
      version: release.version,
      generation,
      provider: body.provider,
      configuration,
      configurationDigest,
      artifacts: body.artifacts,
      relationships: related.relationships,
      endpoint,
      health: body.health,
      timeouts: body.timeouts,
      retries: body.retries,
    };
    const { state, size, weight } = cluster;
    const key = clusterKey(release.version, generation);
    return { cluster: { key, state, size, weight, definition }, common: body.commonDigest };
  }

  private checkTraffic(release: Release, endpoint: ClusterDefinition['endpoint']): void {
    const { element, policy } = this;
    const report = (pointer: string, finding: Finding): void => this.report(pointer, finding);
    checkTraffic({ element, policy, report }, release, endpoint);
  }

  private checkHealth({ component, version }: Release, { health }: ReleaseBody): void {
    const report = (pointer: string, finding: Finding): void => this.report(pointer, finding);
    checkHealth({ element: this.element, policy: this.policy, report }, { component, version, health });
  }

  private release(cluster: WrittenCluster): Release | null {
    const { element, view } = this;
    const { component } = element.document;
    const release = view.release(component, cluster.version);
    if (release === null) {
      this.unknownRelease(cluster);
      return null;
    }
    if (release.broken === null) return release;
    const { code, message, file } = release.broken;
    this.blocked.push(
      diagnose(element.source, cluster.pointer, {
        code,
        message: `${element.key} cannot use ${component} ${cluster.version}: ${message}`,
        fix: `Mend ${file}.`,
        aspect: cluster.aspect,
      }),
    );
    return isTelling(release) ? release : null;
  }

  private unknownRelease(cluster: WrittenCluster): void {
    const { element, view } = this;
    const { component } = element.document;
    const versions = view.versions(component);
    if (versions.length === 0) {
      const known = view.components();
      this.report(`${element.pointer}/component`, {
        code: 'component.unknown',
        message: `there is no component "${component}" in the catalog${didYouMean(component, known)}`,
        fix:
          known.length === 0
            ? `Add catalog/${component}/${cluster.version}.yaml.`
            : `Use ${known.slice(0, 20).join(', ')}.`,
      });
      return;
    }
    const shown = versions.slice(-10).reverse().join(', ');
    this.report(cluster.pointer, {
      code: 'component.version',
      message: `component ${component} has no version ${cluster.version}${didYouMean(cluster.version, versions)}`,
      fix: `Use ${shown}, or add catalog/${component}/${cluster.version}.yaml.`,
      aspect: cluster.aspect,
    });
  }

  /** Of all that cannot be reconfigured in place: two clusters of one version differ by it. */
  private generation(
    body: ReleaseBody,
    related: Related,
    of: { readonly configuration: Template; readonly configurationDigest: Digest },
  ): Generation {
    const live = body.manifest?.reconfigurable ?? [];
    const configuration =
      live.length === 0 ? of.configurationDigest : this.view.digestOf(withoutKeys(of.configuration, live));
    const contexts = related.relationships
      .filter(({ type }) => type === 'context')
      .map(({ dependency, provider, range }) => ({
        dependency,
        provider,
        clusters: this.view.inCycle(provider)
          ? []
          : preferActive(this.view.clusters(provider).filter(({ version }) => satisfies(version, range))),
      }));
    const component: ComponentName | string = this.element.document.component;
    const digest = this.view.digestOf({
      component,
      // A release never changes its provider; a pre-release may, and what one technology made is nothing to another.
      ...(isPrerelease(body.document.version as Version) ? { provider: body.provider } : {}),
      artifacts: body.artifacts,
      configuration,
      contexts,
    });
    return shortHex(digest) as Generation;
  }

  private desired(made: readonly MadeCluster[]): DesiredElement {
    const { element, policy } = this;
    const { document, defaults } = element;
    const port = document.expose?.port;
    const content = {
      key: element.key,
      component: document.component as ComponentName,
      rollout: policy,
      repair: document.repair ?? defaults?.repair ?? 'auto',
      repairIntervalMs: duration(document.repairInterval ?? defaults?.repairInterval, 300_000),
      expose: port === undefined ? null : { port },
    } as const;
    return {
      ...content,
      solution: element.solution,
      name: element.name,
      clusters: made.map(({ cluster }) => cluster),
      digest: digestOf({ ...content, clusters: made.map(briefly) }),
      position: positionIn(element.source, element.pointer, { aspect: 'key' }),
    };
  }
}

/** Whether a broken release still says reliably what it needs and takes: otherwise its users would hear of its errors only. */
function isTelling({ diagnostics }: Release): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 && errors.every(({ code }) => /^(template|provider)\./.test(code));
}

/** What the release was told by itself is not said again by each of its users. */
function saidOf({ source, diagnostics }: Release, found: Diagnostic): boolean {
  if (found.file !== source.path) return false;
  return diagnostics.some(({ code, line, column }) => {
    if (code !== found.code) return false;
    return code === 'template.secret' || (line === found.line && column === found.column);
  });
}

/** What is large has a digest of its own already; component, version and generation are in the key. */
function briefly({ cluster, common }: MadeCluster): unknown {
  const { configurationDigest, relationships, endpoint } = cluster.definition;
  return { ...cluster, definition: { common, configurationDigest, relationships, endpoint } };
}

function preferActive(clusters: readonly ResolvedCluster[]): readonly string[] {
  const active = clusters.filter(({ state }) => state === 'active');
  return (active.length > 0 ? active : clusters).map(({ key }) => key);
}

function withoutKeys(template: Template, keys: readonly string[]): Template {
  if (template.kind === 'map') {
    return mapTemplate(Object.entries(template.entries).filter(([key]) => !keys.includes(key)));
  }
  const { value } = template.kind === 'literal' ? template : { value: null };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return template;
  return {
    kind: 'literal',
    value: Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))),
  };
}
