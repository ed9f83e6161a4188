import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  exposedPort,
  gatewayPid,
  gitIn,
  stage,
  verdict,
  type Daemon,
  type Stage,
} from '../support/heliostat.js';
import { processesUnder } from '../support/scenario/census.js';
import { startLoad } from '../support/scenario/load.js';

const within = 90_000;
const sample = fileURLToPath(new URL('../../sample-repo/', import.meta.url));

test(
  'the shop starts from its folder upwards, upgrades a provider before its consumer, and is taken down backwards until no process is left',
  async () => {
    const s = await stage();
    cpSync(sample, s.repository, { recursive: true });
    gitIn(s, 'add', '-A');
    const first = s.commit({ 'heliostat.yaml': quick(s) }, 'Open the shop');
    const daemon = await s.run('--json');
    await verdict(s, first, 'applied', 'demo');

    const up = eventsOf(daemon);
    // What it runs on is active before it is made; what it uses is ready before it is started.
    expectOrder(up, ended('start', 'orders'), begun('create', 'store'));
    expectOrder(up, healthy('store', 1), begun('start', 'api'));
    expectOrder(up, healthy('api', 3), begun('start', 'web'));
    expect(up.filter(ended('stop', '')).length, 'nothing had to be taken back').toBe(0);

    const load = startLoad(exposedPort(s, 'shop/web', 'demo'), { path: '/orders', clients: 4 });
    const raised = s.commit({ 'solutions/shop.yaml': raise(s) }, 'Raise api and web');
    await verdict(s, raised, 'applied', 'demo');
    await load.stop();
    expect(load.failures).toEqual([]);
    const upgrade = eventsOf(daemon).slice(up.length);
    // web 1.1.0 needs an api of 1.1.0, and web 1.0.0 takes either: the ranges alone give this order.
    expectOrder(upgrade, healthy('api', 1), begun('start', 'web'));

    const before = eventsOf(daemon).length;
    const down = await s.call('down', '--yes', '--reason', 'the test is over');
    expect(down.code, down.stderr).toBe(0);
    const taken = eventsOf(daemon).slice(before);
    // Surplus providers may go at once; the last one goes when nobody uses it any more.
    expectOrder(taken, ended('stop', 'web'), last(begun('stop', 'api')));
    expectOrder(taken, ended('stop', 'api'), last(begun('stop', 'store')));
    expectOrder(taken, ended('destroy', 'store'), begun('stop', 'orders'));
    expect(s.instances()).toEqual([]);
    await daemon.end('SIGTERM');
    expect(gatewayPid(s)).toBeNull();
    expect(processesUnder(s.folder), 'nothing runs any more').toEqual([]);
  },
  within,
);

interface Happened {
  readonly kind: string;
  readonly subject: string;
  readonly data: { readonly transition?: string; readonly outcome?: string };
  readonly at: string;
}

/** With the transition that an ended operation had begun with. */
function eventsOf(daemon: Daemon): Happened[] {
  const open = new Map<string, string>();
  return daemon
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const event = JSON.parse(line) as Happened;
      if (event.kind === 'operation.begun') open.set(event.subject, event.data.transition ?? '');
      const transition = open.get(event.subject) ?? '';
      return { ...event, data: { ...event.data, transition } };
    });
}

type Which = (event: Happened, i: number, all: readonly Happened[]) => boolean;

function isOf({ subject }: Happened, element: string): boolean {
  return element === '' || subject.startsWith(`demo/shop/${element}/`);
}

function begun(transition: string, element: string): Which {
  return (event) =>
    event.kind === 'operation.begun' && event.data.transition === transition && isOf(event, element);
}

function ended(transition: string, element: string): Which {
  return (event) =>
    event.kind === 'operation.ended' && event.data.transition === transition && isOf(event, element);
}

/** The moment at which so many are. */
function healthy(element: string, count: number): Which {
  const matches = (event: Happened): boolean => event.kind === 'instance.healthy' && isOf(event, element);
  return (event, i, all) => matches(event) && all.slice(0, i + 1).filter(matches).length === count;
}

function last(which: Which): Which {
  return (event, i, all) =>
    which(event, i, all) && !all.slice(i + 1).some((later, j) => which(later, j, all));
}

/** Every one of the earlier comes before any of the later, and there are some of both. One decision has one time. */
function expectOrder(events: readonly Happened[], earlier: Which, later: Which): void {
  const lastFirst = events
    .filter(earlier)
    .map(({ at }) => at)
    .sort()
    .at(-1);
  const firstThen = events
    .filter(later)
    .map(({ at }) => at)
    .sort()[0];
  expect(lastFirst).toBeDefined();
  expect(firstThen).toBeDefined();
  expect(Date.parse(lastFirst ?? '')).toBeLessThanOrEqual(Date.parse(firstThen ?? ''));
}

function quick(s: Stage): string {
  const text = readFileSync(join(s.repository, 'heliostat.yaml'), 'utf8');
  return text
    .replace('minHealthyTime: 1s', 'minHealthyTime: 200ms')
    .replace('drainDelay: 1s', 'drainDelay: 300ms');
}

function raise(s: Stage): string {
  const text = readFileSync(join(s.repository, 'solutions/shop.yaml'), 'utf8');
  return text.replaceAll(/(component: (?:api|web)\n {4}version: )1\.0\.0/g, '$11.1.0');
}
