import type { Json } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { digestOf } from '../base/digest.js';
import type { Glob } from '../base/glob.js';
import type { ProviderManifest } from '../base/manifest.js';
import type { ComponentName, ProviderName } from '../base/names.js';
import type { Version } from '../base/version.js';
import type { ComponentDocument } from '../model/kinds.js';
import { pointerOf } from '../model/locate.js';
import { checkTemplate, checkValue, defaultsOf } from '../model/schema-check.js';
import { nothing, readSchema, type Schema } from '../model/schema-subset.js';
import { diagnose, type Finding, type SourceFile } from '../model/source.js';
import { substitute } from '../model/substitute.js';
import { didYouMean } from '../model/suggest.js';
import { hasPath, holesIn, keysOf, parsePattern, type Pattern, type PlacedHole } from '../model/template.js';
import {
  contentOf,
  dependenciesOf,
  healthOf,
  releaseKey,
  retriesOf,
  timeoutsOf,
  type Release,
  type ReleaseBody,
} from './release.js';
import { pin, readGlobs, type Pinning, type ReleaseContext } from './release-artifacts.js';

/** Checks a release by itself: template syntax, parameters, provider, artifacts, immutability. */
export function checkRelease(
  source: SourceFile,
  name: { readonly component: string; readonly version: string },
  context: ReleaseContext,
): Release {
  const key = releaseKey(name.component, name.version);
  const base = { key, component: name.component as ComponentName, version: name.version as Version, source };
  const { document } = source;
  if (document === null || document.kind !== 'Component') {
    const broken = source.diagnostics.find((found) => found.severity === 'error') ?? null;
    const meaning = digestOf(['broken', broken?.code ?? null, broken?.message ?? null]);
    return { ...base, broken, body: null, meaning, record: null, globs: [], diagnostics: [] };
  }
  return new ReleaseCheck(base, document, context).run();
}

class ReleaseCheck {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly globs: Glob[];

  constructor(
    private readonly base: Pick<Release, 'key' | 'component' | 'version' | 'source'>,
    private readonly document: ComponentDocument,
    private readonly context: ReleaseContext,
  ) {
    this.globs = readGlobs(this.pinning([]));
  }

  run(): Release {
    const { document } = this;
    const parameters = this.readParameters();
    const configuration = this.readPattern(document.configuration ?? {}, '/configuration');
    const endpoint =
      document.endpoint === undefined ? null : this.readPattern(document.endpoint, '/endpoint');
    this.checkHoles(configuration, parameters, endpoint);
    if (endpoint !== null) this.checkEndpoint(endpoint, parameters);
    const { manifest, schema } = this.readProvider(configuration);
    const { artifacts, record } = pin(this.pinning(this.globs));
    const common = {
      artifacts,
      health: healthOf(document),
      timeouts: timeoutsOf(document),
      retries: retriesOf(document),
      // Not in the digest of a release that does not say it: it is what it was.
      ...(document.revertible === false ? { revertible: false as const } : {}),
    };
    const body: ReleaseBody = {
      document,
      provider: document.provider as ProviderName,
      manifest,
      providerSchema: schema,
      parameters,
      defaults: defaultsOf(parameters),
      configuration,
      endpoint,
      dependencies: dependenciesOf(document),
      ...common,
      commonDigest: digestOf({ provider: document.provider, ...common }),
    };
    const broken = this.diagnostics.find((found) => found.severity === 'error') ?? null;
    const meaning = digestOf([
      contentOf(document),
      artifacts,
      manifest,
      broken?.code ?? null,
      broken?.message ?? null,
    ]);
    return {
      ...this.base,
      broken,
      body,
      meaning,
      record: broken === null ? record : null,
      globs: this.globs,
      diagnostics: this.diagnostics,
    };
  }

  private pinning(globs: readonly Glob[]): Pinning {
    const { base, document, context } = this;
    return {
      release: base,
      document,
      context,
      globs,
      report: (pointer, finding) => this.report(pointer, finding),
    };
  }

  private report(pointer: string, finding: Finding): void {
    this.diagnostics.push(diagnose(this.base.source, pointer, finding));
  }

  private readParameters(): Schema {
    const { parameters } = this.document;
    if (parameters === undefined) return nothing;
    const schema = readSchema(parameters, ({ pointer, ...rest }) =>
      this.report(`/parameters${pointer}`, { code: 'parameters.schema', ...rest }),
    );
    if (schema.types.length > 0 && !schema.types.includes('object')) {
      this.report('/parameters/type', {
        code: 'parameters.schema',
        message: 'parameters must be of type object',
        fix: 'Write type: object and put each parameter under properties.',
      });
    }
    for (const [name, property] of schema.properties) {
      if (property.fallback === undefined || isTemplate(property.fallback)) continue;
      checkValue(property, property.fallback, [name], ({ message, fix }) =>
        this.report(pointerOf('parameters', 'properties', name, 'default'), {
          code: 'parameters.default',
          message: `the default does not fit its own schema: ${message}`,
          fix,
        }),
      );
    }
    return schema;
  }

  private readPattern(value: Json, pointer: string): Pattern {
    return parsePattern(value, pointer, ({ pointer: at, nth, ...rest }) =>
      this.report(at, { ...rest, hole: nth }),
    );
  }

  private checkHoles(pattern: Pattern, parameters: Schema, endpoint: Pattern | null): void {
    for (const placed of holesIn(pattern)) {
      if (placed.hole.of === 'configuration') this.checkParameter(placed, placed.hole.path, parameters);
      if (placed.hole.of === 'element') this.checkOwnEndpoint(placed, placed.hole.path, endpoint);
    }
  }

  private checkEndpoint(endpoint: Pattern, parameters: Schema): void {
    for (const placed of holesIn(endpoint)) {
      const { hole, source } = placed;
      if (hole.of === 'configuration') this.checkParameter(placed, hole.path, parameters);
      if (hole.of === 'element') {
        this.at(
          placed,
          'template.loop',
          `"\${${source}}" makes the endpoint refer to itself`,
          'Write the value itself.',
        );
      }
      if (hole.of === 'secrets') {
        const message = `"\${${source}}": an endpoint is shown to everybody, so it cannot hold a secret`;
        this.at(
          placed,
          'template.secret',
          message,
          'Give the secret to the consumer in its own configuration.',
        );
      }
    }
  }

  private checkParameter(placed: PlacedHole, path: readonly string[], parameters: Schema): void {
    let schema = parameters;
    for (const part of path) {
      const member = schema.properties.get(part) ?? schema.additional;
      if (member === true) return;
      if (member === false) {
        const known = [...schema.properties.keys()];
        const message = `"\${${placed.source}}": there is no parameter "${path.join('.')}"${didYouMean(part, known)}`;
        const fix =
          known.length === 0
            ? `Add ${part} to parameters.`
            : `Use ${known.slice(0, 20).join(', ')}, or add ${part} to parameters.`;
        return this.at(placed, 'template.unknown', message, fix);
      }
      schema = member;
    }
  }

  private checkOwnEndpoint(placed: PlacedHole, path: readonly string[], endpoint: Pattern | null): void {
    if (endpoint !== null && hasPath(endpoint, path) !== 'no') return;
    const known = endpoint === null ? [] : keysOf(endpoint);
    const message = `"\${${placed.source}}": the endpoint has no "${path.join('.')}"${didYouMean(path[0] ?? '', known)}`;
    this.at(
      placed,
      'template.unknown',
      message,
      known.length === 0 ? 'Add an endpoint.' : `Use ${known.join(', ')}.`,
    );
  }

  private at(placed: PlacedHole, code: string, message: string, fix: string): void {
    this.report(placed.pointer, { code, message, fix, hole: placed.nth });
  }

  private readProvider(configuration: Pattern): { manifest: ProviderManifest | null; schema: Schema | null } {
    const { provider } = this.document;
    const manifest = this.context.manifests.get(provider) ?? null;
    if (manifest === null) {
      const names = [...this.context.manifests.keys()].sort();
      this.report('/provider', {
        code: 'provider.unknown',
        message: `there is no provider "${provider}", or it is not allowed here${didYouMean(provider, names)}`,
        fix:
          names.length === 0
            ? 'Allow a provider in the operator’s configuration.'
            : `Use one of ${names.join(', ')}.`,
      });
      return { manifest, schema: null };
    }
    if (manifest.configuration === null) return { manifest, schema: null };
    // A manifest is the provider's own word: what is wrong with it is for its conformance test to say.
    const schema = readSchema(manifest.configuration, () => undefined);
    checkTemplate(schema, unfilled(configuration), ({ path, kind, message, fix }) =>
      this.report(pointerOf('configuration', ...path), {
        code: 'provider.configuration',
        message: `provider ${provider}: ${message}`,
        fix,
        aspect: kind === 'unknown' ? 'key' : 'value',
      }),
    );
    return { manifest, schema };
  }
}

function isTemplate(value: Json): boolean {
  return JSON.stringify(value).includes('${');
}

/** With every hole left open: what a provider's schema can be held against before any user is known. */
function unfilled(pattern: Pattern): ReturnType<typeof substitute> {
  return substitute(pattern, {
    fill: () => ({ kind: 'reference', reference: { of: 'instance', field: 'name' } }),
    wrong: () => undefined,
  });
}
