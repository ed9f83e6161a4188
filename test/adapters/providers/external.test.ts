import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createProber } from '../../../src/adapters/probe/prober.js';
import { contextFor, taskFor, trialWith } from '../../../src/adapters/providers/contract/subject.js';
import { createExternalProvider } from '../../../src/adapters/providers/external/provider.js';
import type { Json } from '../../../src/core/base/data.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type { ProbeTask } from '../../../src/ports/probe.js';
import { describeContract } from './conformance.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listener(): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

function open() {
  return createExternalProvider({ prober: createProber() });
}

function trial(configuration: Json) {
  return trialWith({ open }, taskFor({ domain: 'd1', home: '/', configuration }));
}

describeContract('external', {
  open,
  home: '/',
  configuration: { address: '127.0.0.1', port: 1 },
  observeOnly: true,
});

describe('what lives outside', () => {
  it('is well while it accepts connections, and not well when it refuses them', async () => {
    const port = await listener();
    const one = trial({ address: '127.0.0.1', port });
    expect(await one.observe()).toMatchObject({ presence: 'present', state: 'active', health: 'good' });
    await new Promise((resolve) => servers[0]?.close(resolve));

    expect(await one.observe()).toMatchObject({
      state: 'active',
      health: 'bad',
      detail: 'connection refused',
    });
  });

  it.each<[string, string, Partial<ProbeTask>]>([
    [
      'an http url is asked for',
      'http://db:81/health?x=1',
      { probe: { kind: 'http', path: '/health?x=1', port: null, status: [] }, address: 'db', port: 81 },
    ],
    [
      'the port of another url is tried',
      'postgres://user:pw@db/shop',
      { probe: { kind: 'tcp', port: null }, address: 'db', port: 5432 },
    ],
    [
      'an address of IPv6 loses its brackets',
      'https://[::1]/',
      { probe: { kind: 'tcp', port: null }, address: '::1', port: 443 },
    ],
  ])('%s', async (_, url, expected) => {
    const asked: ProbeTask[] = [];
    const prober = { probe: async (task: ProbeTask) => (asked.push(task), { good: true, detail: safe('') }) };
    const one = trialWith(
      { open: () => createExternalProvider({ prober }) },
      taskFor({ domain: 'd', home: '/', configuration: { url } }),
    );
    const seen = await one.observe();

    expect(asked).toMatchObject([expected]);
    expect(JSON.stringify(seen)).not.toContain('pw');
  });

  it('is looked at where its last transition said, when a look comes without a configuration', async () => {
    const port = await listener();
    const one = trial({ address: '127.0.0.1', port });
    await one.must('create');
    const [seen] = await one.provider.observe([{ ...one.task, configuration: null }], contextFor());

    expect(seen).toMatchObject({ state: 'active', health: 'good' });
  });

  it('is unknown where its configuration names no place', async () => {
    for (const configuration of [
      null,
      {},
      { address: 'db' },
      { address: 'db', port: 0 },
      { url: 'nonsense' },
    ]) {
      expect((await trial(configuration).observe()).presence).toBe('unknown');
    }
  });

  it('is observed many at a time, in the order asked', async () => {
    const port = await listener();
    const refs = Array.from({ length: 200 }, (_, ordinal) =>
      taskFor({ domain: 'd', ordinal, home: '/', configuration: { address: '127.0.0.1', port } }),
    );
    const seen = await open().observe(refs, contextFor());

    expect(seen.map((one) => one.id)).toEqual(refs.map((ref) => ref.id));
    expect(seen.every((one) => one.health === 'good')).toBe(true);
  });
});
