import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { contextFor, taskFor, trialWith } from '../../../src/adapters/providers/contract/subject.js';
import { createNoopProvider } from '../../../src/adapters/providers/noop/provider.js';
import { cancelSource } from '../../../src/ports/clock.js';
import type { Json } from '../../../src/core/base/data.js';
import { describeContract } from './conformance.js';

const root = mkdtempSync(join(tmpdir(), 'heliostat-noop-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const home = join(root, 'home.git');
let file: string;
let worlds = 0;

beforeEach(() => {
  file = join(root, `world-${worlds++}`, 'noop.log');
});

function open() {
  return createNoopProvider({ file, home, pollMs: 5 });
}

function trial(configuration: Json = {}, ordinal = 0) {
  return trialWith({ open }, taskFor({ domain: 'd1', home, configuration, ordinal }));
}

describeContract('noop', {
  open,
  home,
  configuration: {},
  vanish: async () => rmSync(file),
});

describe('noop', () => {
  it('tells in the outcome how the instance is, so that nobody has to ask', async () => {
    const one = trial();
    await one.must('create', 'configure');

    expect(await one.apply('start')).toMatchObject({
      kind: 'done',
      observation: { presence: 'present', state: 'active', health: 'good', digest: one.task.digest },
    });
  });

  it('fails as often as its configuration asks, and then succeeds', async () => {
    const one = trial({ fail: 'start', failTimes: 2 });
    await one.must('create', 'configure');
    const outcomes = [await one.apply('start'), await one.apply('start'), await one.apply('start')];

    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['failed', 'failed', 'done']);
    expect(outcomes[0]).toMatchObject({ code: 'noop.asked', retryable: true });
  });

  it('fails always where no number is given, and only in the transitions that are named', async () => {
    const one = trial({ fail: ['configure', 'stop'] });

    expect((await one.apply('create')).kind).toBe('done');
    for (let i = 0; i < 5; i++) expect((await one.apply('configure')).kind).toBe('failed');
  });

  it('is unhealthy while it runs if the configuration asks for it', async () => {
    const one = trial({ health: 'bad' });
    await one.must('create', 'configure');
    expect((await one.observe()).health).toBe('unknown');
    await one.must('start');

    expect(await one.observe()).toMatchObject({ state: 'active', health: 'bad' });
  });

  it('takes its time, and knows of no outcome when it is interrupted meanwhile', async () => {
    const { cancel, abort } = cancelSource();
    const one = trialWith({ open }, trial({ delay: { create: '1h' } }).task, { ...contextFor(), cancel });
    const creating = one.apply('create');
    abort();

    expect((await creating).kind).toBe('unknown');
    expect((await one.observe()).presence).toBe('absent');
  });

  it('survives a line that a crash tore off', async () => {
    await trial({}, 0).must('create');
    appendFileSync(file, '{"id":"half');
    await trial({}, 1).must('create');

    expect((await trial({}, 0).observe()).presence).toBe('present');
    expect((await trial({}, 1).observe()).presence).toBe('present');
  });

  it('keeps its file small however often something changes', async () => {
    const one = trial();
    await one.must('create', 'configure');
    await Promise.all(Array.from({ length: 12_000 }, () => one.apply('start')));
    await one.must('stop');

    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(100);
    expect((await one.reopened().observe()).state).toBe('inactive');
  });

  it('holds what carries the home of another controller that is still there', async () => {
    const foreign = trialWith({ open }, { ...trial().task, home: root });
    await foreign.must('create');
    const one = trial();

    expect((await one.observe()).foreignHome).toBe(root);
    expect(await one.apply('start')).toMatchObject({
      kind: 'failed',
      retryable: false,
      code: 'noop.foreign',
    });
    expect((await one.observe()).presence).toBe('present');
  });

  it('takes over what carries a home that is no more, since the repository was moved', async () => {
    await trialWith({ open }, { ...trial().task, home: join(root, 'moved-away.git') }).must('create');

    expect((await trial().observe()).foreignHome).toBeNull();
    expect((await trial().apply('start')).kind).toBe('done');
  });

  it('lists many in pages, each once', async () => {
    const provider = open();
    await Promise.all(
      Array.from({ length: 2_345 }, (_, i) =>
        trialWith({ open: () => provider }, trial({}, i).task).must('create'),
      ),
    );
    const owners: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await provider.list('d1:', cursor, contextFor());
      owners.push(...page.resources.map((one) => one.owner));
      cursor = page.cursor;
    } while (cursor !== null);

    expect(new Set(owners).size).toBe(2_345);
    expect(owners.length).toBe(2_345);
  });

  it('notices by itself what somebody else does to its world', async () => {
    const watching = open();
    const { cancel, abort } = cancelSource();
    const told = new Promise<readonly string[]>((resolve) => {
      void watching.watch?.('d1:', resolve, cancel);
    });
    await trial().must('create');

    expect(await told).toEqual([trial().task.id]);
    abort();
  });

  it('routes in its own memory and opens no socket', async () => {
    const provider = open();
    const binding = { key: 'd1:shop/api#expose', scheme: 'http', address: '127.0.0.1', port: 1 } as const;

    expect((await provider.route?.(binding, [], contextFor()))?.kind).toBe('done');
    expect((await provider.unroute?.(binding.key, contextFor()))?.kind).toBe('done');
  });
});
