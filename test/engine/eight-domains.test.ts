import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../src/adapters/clock/clock.js';
import type { DomainName } from '../../src/core/base/names.js';
import { redactorOf } from '../../src/core/base/safe-text.js';
import type { Version } from '../../src/core/base/version.js';
import { readText } from '../../src/core/model/text.js';
import { verdictOf } from '../../src/core/rollout/verdicts.js';
import { boot } from '../../src/engine/boot.js';
import type { Engine } from '../../src/engine/engine.js';
import type { EnginePorts } from '../../src/engine/ports.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { opened } from '../adapters/git/opened.js';
import { shop } from '../support/fake-ports/model.js';
import { FakeTechnology, fakeProviders } from '../support/fake-ports/providers.js';
import { memoryDisk } from '../support/memory-disk.js';
import { commitFiles, git, initRepository, removeFolder } from '../support/real-git.js';

const names = Array.from({ length: 8 }, (_, i) => `d${i}`);

it(
  'eight runners of eight domains write to one bare repository at once: none is lost, and all is one line',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heliostat-eight-'));
    onTestFinished(() => removeFolder(folder));
    const work = initRepository(mkdtempSync(join(folder, 'work-')));
    const tip = commitFiles(work, modelOf(names), 'Eight domains');
    const bare = join(folder, 'bare.git');
    git(folder, 'clone', '-q', '--bare', work, bare);

    const applied = await Promise.all(names.map((name) => apply(bare, name)));
    expect(applied).toEqual(names.map(() => 'applied'));
    const subjects = git(bare, 'log', '--format=%s', 'heliostat/status').split('\n');
    // One parent each: else the log with all parents would be longer, or not in one line.
    expect(git(bare, 'rev-list', '--count', '--min-parents=2', 'heliostat/status')).toBe('0');
    expect(git(bare, 'rev-list', '--count', '--first-parent', 'heliostat/status')).toBe(
      String(subjects.length),
    );
    for (const name of names) {
      const said = (path: string): string => git(bare, 'show', `heliostat/status:${name}/${path}`);
      expect(subjects.filter((subject) => subject === `${name}: claimed by ${name}, epoch 1`)).toHaveLength(
        1,
      );
      expect(said(`revisions/${tip.slice(0, 2)}/${tip}.yaml`)).toContain('verdict: applied');
      expect(said('solutions/shop/elements/api.yaml')).toContain('healthy: true');
    }

    const note = git(bare, 'notes', '--ref=heliostat', 'show', tip).split('\n');
    expect(note.sort()).toEqual(names.map((name) => `${name}: applied`));

    // And a second time there is nothing to do for any of them.
    const again = await Promise.all(names.map((name) => apply(bare, name)));
    expect(again).toEqual(applied);
    expect(git(bare, 'rev-list', '--count', 'heliostat/status')).toBe(String(subjects.length));
  },
);

function modelOf(domains: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    domains.flatMap((name) =>
      Object.entries(shop()).map(([path, text]) => [
        `envs/${name}/${path}`,
        text
          .replace('name: prod', `name: ${name}`)
          .replace('minHealthyTime: 1s, drainDelay: 1s', 'minHealthyTime: 0s, drainDelay: 0s'),
      ]),
    ),
  );
}

const technologies = new Map<string, FakeTechnology>();

/** One reconciliation on a machine of its own; the verdict on the tip. */
async function apply(bare: string, name: string): Promise<string> {
  const { refs, source, history } = await opened(bare);
  const technology = technologies.get(name) ?? new FakeTechnology();
  technologies.set(name, technology);
  const clock = createClock();
  const ports: EnginePorts = {
    clock,
    disk: memoryDisk(),
    refs,
    source,
    history,
    reader: {
      read: (texts) => Promise.resolve(texts.map(({ bytes }) => readText(bytes))),
      close: () => Promise.resolve(),
    },
    providers: fakeProviders(technology, clock),
    gauge: { measure: () => Promise.reject(new Error('there are no gates')) },
    prober: { probe: () => Promise.resolve({ good: true, detail: redactorOf([])('200') }) },
    secrets: { check: () => 'missing', value: () => null },
    log: { write: () => undefined },
    redact: redactorOf([]),
  };
  const booted = await boot(
    ports,
    {
      controller: name,
      home: bare,
      domain: { kind: 'folder', folder: `envs/${name}` },
      branch: 'main',
      programVersion: '0.1.0' as Version,
      takeover: false,
      pollMs: 10_000,
      concurrency: 64,
      durable: false,
    },
    name as DomainName,
  );
  if (!booted.ok) throw new Error(`${booted.code}: ${booted.message}`);
  const { engine } = booted;
  const ended = reconcile(engine);
  await engine.until(() => verdict(engine) !== null && engine.isSettled && engine.status.hasToldWhatHappened);
  const given = engine.stoppedBecause ?? verdict(engine) ?? 'none';
  engine.stop(null);
  await ended;
  await engine.close();
  return given;
}

function verdict({ core }: Engine): string | null {
  const { domain, tables } = core.state;
  const known = domain.tip === null ? undefined : domain.revisions.get(domain.tip);
  return known === undefined ? null : verdictOf(known, domain, tables.solutions);
}
