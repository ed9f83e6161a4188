import { isMap, type Json } from '../../../core/base/data.js';
import type { Probe } from '../../../core/base/desired.js';
import type { ProviderManifest } from '../../../core/base/manifest.js';
import type { ProviderName } from '../../../core/base/names.js';
import { safe } from '../../../core/base/safe-text.js';
import type { InstanceRef, Observation, Provider, ProviderContext } from '../../../ports/provider.js';
import type { Prober, ProbeTask } from '../../../ports/probe.js';
import { done, unseen } from '../parts/outcomes.js';

export const externalManifest: ProviderManifest = {
  name: 'external' as ProviderName,
  protocol: 1,
  summary: 'What somebody else runs: observed, never changed',
  configuration: {
    type: 'object',
    additionalProperties: true,
    properties: {
      address: { type: 'string', description: 'Host name or address; with `port`, a connection is tried.' },
      port: { type: ['integer', 'string'], description: 'TCP port.' },
      url: {
        type: 'string',
        description: 'Instead of both: `http://…` is asked for, of any other the port is tried.',
      },
    },
  },
  reconfigurable: ['address', 'port', 'url'],
  reconfigureInterrupts: false,
  capabilities: ['observeOnly'],
  fencing: 'backend',
  needs: [],
  portRange: null,
};

export interface ExternalProviderOptions {
  readonly prober: Prober;
  /** Of one look. */
  readonly timeoutMs?: number;
}

/** At most so many connections at a time. */
const parallel = 64;

export function createExternalProvider(options: ExternalProviderOptions): Provider {
  const timeoutMs = options.timeoutMs ?? 3_000;
  // A transition always brings the configuration; a look may come without it.
  const remembered = new Map<string, Target>();
  const targetFor = (ref: InstanceRef): Target | null =>
    targetIn(ref.configuration) ?? remembered.get(ref.owner) ?? null;
  return {
    manifest: externalManifest,
    observe: async (instances, ctx) => {
      const seen: Observation[] = [];
      for (let i = 0; i < instances.length; i += parallel) {
        const batch = instances.slice(i, i + parallel);
        seen.push(
          ...(await Promise.all(
            batch.map((ref) => look(options.prober, { ref, target: targetFor(ref), timeoutMs }, ctx)),
          )),
        );
      }
      return seen;
    },
    // Nothing out there carries a key of ours.
    list: async () => ({ resources: [], cursor: null }),
    apply: async (transition, task) => {
      const target = targetIn(task.configuration);
      if (transition === 'destroy') remembered.delete(task.owner);
      else if (target !== null) remembered.set(task.owner, target);
      return done(null);
    },
  };
}

interface Look {
  readonly ref: InstanceRef;
  readonly target: Target | null;
  readonly timeoutMs: number;
}

async function look(
  prober: Prober,
  { ref, target, timeoutMs }: Look,
  ctx: ProviderContext,
): Promise<Observation> {
  if (target === null) {
    return unseen(ref.id, safe('external: configuration needs address and port, or a url with a host'));
  }
  const limit = Math.min(timeoutMs, ctx.timeoutMs);
  const answer = await prober.probe({ ...target, timeoutMs: limit }, ctx.cancel);
  if (ctx.cancel.cancelled && !answer.good) return unseen(ref.id, safe('interrupted'));
  return {
    id: ref.id,
    presence: 'present',
    state: 'active',
    health: answer.good ? 'good' : 'bad',
    digest: null,
    resource: safe(`${target.address}:${target.port ?? ''}`),
    detail: answer.good ? null : answer.detail,
    foreignHome: null,
  };
}

type Target = Omit<ProbeTask, 'timeoutMs'>;

function targetIn(configuration: Json): Target | null {
  if (!isMap(configuration)) return null;
  const { address, port, url } = configuration;
  if (typeof url === 'string') return targetOf(url);
  const number = Number(port);
  if (typeof address !== 'string' || address === '' || !isPort(number)) return null;
  return { probe: { kind: 'tcp', port: null }, address, port: number };
}

const wellKnown: { readonly [scheme: string]: number } = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
  'mysql:': 3306,
  'redis:': 6379,
  'amqp:': 5672,
  'mongodb:': 27017,
};

function targetOf(text: string): Target | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const port = url.port === '' ? wellKnown[url.protocol] : Number(url.port);
  if (url.hostname === '' || port === undefined) return null;
  const address = url.hostname.replace(/^\[|\]$/g, '');
  const path = `${url.pathname}${url.search}`;
  // The probe of a port says less about https than a request would, but needs no trust in a certificate.
  const probe: Probe =
    url.protocol === 'http:' ? { kind: 'http', path, port: null, status: [] } : { kind: 'tcp', port: null };
  return { probe, address, port };
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 65_536;
}
