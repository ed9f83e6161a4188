import { isMap, type Json, type JsonMap } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { referencesIn, type Template } from '../base/template.js';
import { mergeLayers, originOf, type Layer } from '../model/layers.js';
import { checkTemplate } from '../model/schema-check.js';
import type { Schema } from '../model/schema-subset.js';
import { diagnose, type Finding, type SourceFile } from '../model/source.js';
import { mapTemplate, substitute, type Filled, type Substitution } from '../model/substitute.js';
import { didYouMean } from '../model/suggest.js';
import { hasPath, keysOf, parsePattern, type PlacedHole } from '../model/template.js';
import { pointerOf } from '../model/locate.js';
import { fillRelationship } from './configure-relationship.js';
import type { WrittenCluster, WrittenElement } from './declare.js';
import type { Related } from './relate.js';
import type { Release, ReleaseBody } from './release.js';
import type { View } from './view.js';

export interface Configured {
  readonly configuration: Template;
  readonly endpoint: Template | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The layers of one cluster, lowest first. The solution's is cut down to what this component knows. */
export function layersOf(
  element: WrittenElement,
  cluster: WrittenCluster,
  release: Release,
  body: ReleaseBody,
): readonly Layer[] {
  const { source, document, solutionDocument, pointer } = element;
  const layers: Layer[] = [
    { name: 'default', value: body.defaults, source: release.source, pointer: '/parameters' },
  ];
  if (solutionDocument.configuration !== undefined) {
    const value = knownOnly(solutionDocument.configuration, body.parameters);
    layers.push({ name: 'solution', value, source, pointer: '/configuration' });
  }
  if (document.configuration !== undefined) {
    layers.push({
      name: 'element',
      value: document.configuration,
      source,
      pointer: `${pointer}/configuration`,
    });
  }
  if (cluster.own !== null && cluster.document.configuration !== undefined) {
    const value = cluster.document.configuration;
    layers.push({ name: 'cluster', value, source, pointer: `${cluster.own}/configuration` });
  }
  return layers;
}

function knownOnly(value: JsonMap, parameters: Schema): JsonMap {
  const keys = Object.keys(value);
  if (keys.every((key) => isParameter(parameters, key))) return value;
  return Object.fromEntries(
    keys.filter((key) => isParameter(parameters, key)).map((key) => [key, value[key] as Json]),
  );
}

export function isParameter(parameters: Schema, key: string): boolean {
  return parameters.properties.has(key) || parameters.additional !== false;
}

/** Puts the layers together, checks them, and fills in all that is known before an instance runs. */
export function configure(
  element: WrittenElement,
  cluster: WrittenCluster,
  of: { readonly release: Release; readonly body: ReleaseBody; readonly related: Related },
  view: View,
): Configured {
  return new Configuring(element, layersOf(element, cluster, of.release, of.body), of, view).run();
}

class Configuring {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly values: JsonMap;
  private readonly memo = new Map<string, Filled>();
  private readonly open: string[] = [];

  constructor(
    private readonly element: WrittenElement,
    private readonly layers: readonly Layer[],
    private readonly of: { readonly release: Release; readonly body: ReleaseBody; readonly related: Related },
    private readonly view: View,
  ) {
    this.values = mergeLayers(layers);
  }

  run(): Configured {
    const { release, body } = this.of;
    this.checkValues();
    const filling = this.in(release.source);
    const configuration = substitute(body.configuration, filling);
    const endpoint = body.endpoint === null ? null : substitute(body.endpoint, filling);
    if (endpoint !== null) this.checkNoSecret(endpoint, '/endpoint', 'the endpoint would show');
    this.checkShownKeys(configuration);
    // The release alone was held against the provider's schema before; only what was filled in can be wrong now.
    if (release.broken === null && this.diagnostics.length === 0 && configuration !== body.configuration)
      this.checkProvider(configuration);
    return { configuration, endpoint, diagnostics: this.diagnostics };
  }

  private checkValues(): void {
    const { body } = this.of;
    const effective = this.value([]) ?? { kind: 'literal', value: {} };
    checkTemplate(body.parameters, effective, ({ path, kind, message, fix }) => {
      const origin = kind === 'missing' ? null : originOf(this.layers, path);
      const finding: Finding = {
        code:
          kind === 'unknown'
            ? 'configuration.unknown'
            : kind === 'missing'
              ? 'configuration.missing'
              : 'configuration.value',
        message: `${this.element.key}: ${message}`,
        fix: kind === 'missing' ? `Add configuration: { ${path.join('.')}: … }.` : fix,
        aspect: kind === 'value' ? 'value' : 'key',
      };
      if (origin === null) this.report(this.element.source, this.element.pointer, finding);
      else this.report(origin.source, origin.pointer, finding);
    });
  }

  private checkProvider(configuration: Template): void {
    const { release, body } = this.of;
    if (body.providerSchema === null) return;
    checkTemplate(body.providerSchema, configuration, ({ path, message, fix }) =>
      this.report(release.source, pointerOf('configuration', ...path), {
        code: 'provider.configuration',
        message: `${this.element.key}: provider ${body.provider}: ${message}`,
        fix,
      }),
    );
  }

  /** What the provider lets others see: arguments of a process, for one. */
  private checkShownKeys(configuration: Template): void {
    const { manifest } = this.of.body;
    if (configuration.kind !== 'map') return;
    for (const key of manifest?.shownKeys ?? []) {
      const value = configuration.entries[key];
      if (value !== undefined) this.checkNoSecret(value, `/configuration/${key}`, `${key} would show`);
    }
  }

  private checkNoSecret(value: Template, pointer: string, who: string): void {
    if (!referencesIn(value).some((reference) => reference.of === 'secret')) return;
    this.report(this.of.release.source, pointer, {
      code: 'template.secret',
      message: `${this.element.key}: ${who} a secret that its configuration refers to`,
      fix:
        pointer === '/endpoint'
          ? 'Give the secret to the consumer in its own configuration.'
          : 'Give it in env, or in another key that only the instance sees.',
    });
  }

  private report(source: SourceFile, pointer: string, finding: Finding): void {
    this.diagnostics.push(diagnose(source, pointer, finding));
  }

  /** What a configured value stands for: it may hold references itself. Null: not set. */
  private value(path: readonly string[]): Filled {
    const key = path.join('.');
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    const written = path.reduce<Json | undefined>(
      (below, part) => (isMap(below) || Array.isArray(below) ? (below as JsonMap)[part] : undefined),
      this.values,
    );
    if (written === undefined) return null;
    this.open.push(key);
    const filled = this.written(written, path);
    this.open.pop();
    this.memo.set(key, filled);
    return filled;
  }

  private written(written: Json, path: readonly string[]): Filled {
    if (isMap(written)) {
      if (!hasHoles(written)) return { kind: 'literal', value: written };
      const entries = Object.keys(written).map((key) => [key, this.value([...path, key])] as const);
      return mapTemplate(entries.filter((entry): entry is readonly [string, Template] => entry[1] !== null));
    }
    const origin = hasHoles(written) ? originOf(this.layers, path) : null;
    if (origin === null) return { kind: 'literal', value: written };
    const pattern = parsePattern(written, origin.pointer, ({ pointer, nth, ...rest }) =>
      this.report(origin.source, pointer, { ...rest, hole: nth }),
    );
    return substitute(pattern, this.in(origin.source));
  }

  /** Fills holes that are written in a certain file. */
  private in(source: SourceFile): Substitution {
    return {
      fill: (hole) => this.fill(hole, source),
      wrong: (hole, kind) =>
        this.report(source, hole.pointer, {
          code: kind === 'tooLarge' ? 'template.tooLarge' : 'template.type',
          message:
            kind === 'tooLarge'
              ? `${this.element.key}: what the references stand for is larger than 64 kB`
              : `${this.element.key}: a map or a list cannot stand inside a text`,
          fix:
            kind === 'tooLarge'
              ? 'Put the contents into a file of the release.'
              : 'Make the reference the whole value, or refer to one part of it.',
          hole: hole.nth,
        }),
    };
  }

  private fill(placed: PlacedHole, source: SourceFile): Filled {
    const { hole } = placed;
    switch (hole.of) {
      case 'instance':
        return { kind: 'reference', reference: { of: 'instance', field: hole.field } };
      case 'configuration':
        return this.parameter(placed, hole.path, source);
      case 'secrets':
        return this.secret(placed, hole.name, source);
      case 'element':
        return this.ownEndpoint(placed, hole.path, source);
      case 'relationships':
        return fillRelationship(hole, this.of, (code, words) => this.wrong(placed, source, code, words));
    }
  }

  private wrong(
    placed: PlacedHole,
    source: SourceFile,
    code: string,
    words: readonly [string, string],
  ): null {
    const [message, fix] = words;
    const text = `${this.element.key}: "\${${placed.source}}": ${message}`;
    this.report(source, placed.pointer, { code, message: text, fix, hole: placed.nth });
    return null;
  }

  private parameter(placed: PlacedHole, path: readonly string[], source: SourceFile): Filled {
    const key = path.join('.');
    const start = this.open.findIndex((open) => open === key || open.startsWith(`${key}.`));
    if (start >= 0) {
      const loop = [...this.open.slice(start).filter((open) => open !== ''), key].join(' → ');
      return this.wrong(placed, source, 'template.loop', [
        `the values refer to each other in a circle: ${loop}`,
        'Write one of them out.',
      ]);
    }
    const value = this.value(path);
    if (value !== null || isDeclared(this.of.body.parameters, path)) return value;
    const siblings = [...this.of.body.parameters.properties.keys()];
    const hint = didYouMean(path[0] ?? '', siblings);
    return this.wrong(placed, source, 'template.unknown', [
      `there is no such value${hint}`,
      `Use one of ${siblings.join(', ')}.`,
    ]);
  }

  private secret(placed: PlacedHole, name: string, source: SourceFile): Filled {
    const status = this.view.secret(name, this.element.key);
    if (status === 'ok') return { kind: 'reference', reference: { of: 'secret', name } };
    return status === 'missing'
      ? this.wrong(placed, source, 'secret.missing', [
          'the controller has no such secret, or its source is empty',
          `Write into heliostat.config.yaml secrets: { ${name}: { from: "env:…", for: ["*/${this.element.key}"] } }, and give the controller the value.`,
        ])
      : this.wrong(placed, source, 'secret.forbidden', [
          'this element may not use the secret',
          `Add the element to "for" of secret ${name} in the operator’s configuration.`,
        ]);
  }

  private ownEndpoint(placed: PlacedHole, path: readonly string[], source: SourceFile): Filled {
    const { endpoint } = this.of.body;
    if (endpoint !== null && hasPath(endpoint, path) !== 'no') {
      return { kind: 'reference', reference: { of: 'element', path } };
    }
    const known = endpoint === null ? [] : keysOf(endpoint);
    const hint = didYouMean(path[0] ?? '', known);
    return this.wrong(placed, source, 'template.unknown', [
      `the endpoint has no such field${hint}`,
      `Use ${known.join(', ')}.`,
    ]);
  }
}

/** A parameter that may be left out stands for nothing; one that nobody declared is a mistake. */
function isDeclared(parameters: Schema, path: readonly string[]): boolean {
  let schema = parameters;
  for (const part of path) {
    const member = schema.properties.get(part) ?? schema.additional;
    if (typeof member === 'boolean') return member;
    schema = member;
  }
  return true;
}

function hasHoles(value: Json): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasHoles);
  return isMap(value) && Object.values(value).some(hasHoles);
}
