import { equal, ok } from 'node:assert/strict';
import { digestOf } from '../../../core/base/digest.js';
import type { Observation } from '../../../ports/provider.js';
import { contextFor, type Subject, type Trial } from './subject.js';

/** One promise that every provider keeps; it throws where it is broken. */
export interface ContractPromise {
  readonly name: string;
  /** Of providers that change something. */
  readonly changing: boolean;
  readonly needs?: 'vanish';
  check(trial: Trial, subject: Subject): Promise<void>;
}

const both = (first: unknown, second: unknown): string =>
  `${JSON.stringify(first)} and ${JSON.stringify(second)}`;

function isActive(seen: Observation): void {
  equal(seen.presence, 'present');
  equal(seen.state, 'active');
}

/** How often something with this owner key is listed. */
async function listed(trial: Trial, prefix: string): Promise<readonly Observation[]> {
  const found: Observation[] = [];
  let cursor: string | null = null;
  do {
    const page = await trial.provider.list(prefix, cursor, contextFor());
    found.push(...page.resources.filter((one) => one.owner === trial.task.owner));
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

export const contractPromises: readonly ContractPromise[] = [
  {
    name: 'answers observations in the order asked, and absent for what it never made',
    changing: true,
    async check(trial) {
      const other = {
        ...trial.task,
        id: `${trial.task.id}9` as never,
        owner: `${trial.task.owner}9` as never,
      };
      const seen = await trial.provider.observe([other, trial.task], contextFor());
      equal(seen.length, 2);
      equal(seen[0]?.id, other.id);
      equal(seen[1]?.id, trial.task.id);
      equal(seen[1]?.presence, 'absent');
    },
  },
  {
    name: 'makes one thing when asked twice to create, so that a repeat after a lost answer is safe',
    changing: true,
    async check(trial) {
      await trial.must('create');
      const first = await trial.observe();
      await trial.must('create');
      const second = await trial.observe();
      equal(first.presence, 'present');
      equal(first.state, 'inactive');
      equal(second.resource, first.resource, both(first, second));
      equal((await listed(trial, trial.task.owner)).length, 1);
    },
  },
  {
    name: 'carries the digest of the configuration that it was given, and none before',
    changing: true,
    async check(trial) {
      await trial.must('create');
      equal((await trial.observe()).digest, null);
      await trial.must('configure');
      equal((await trial.observe()).digest, trial.task.digest);
      const digest = digestOf('another configuration');
      const outcome = await trial.apply('configure', { digest });
      equal(outcome.kind, 'done');
      equal((await trial.observe()).digest, digest);
    },
  },
  {
    name: 'starts once when asked twice',
    changing: true,
    async check(trial) {
      await trial.must('create', 'configure', 'start');
      const first = await trial.observe();
      await trial.must('start');
      const second = await trial.observe();
      isActive(first);
      isActive(second);
      equal(first.digest, trial.task.digest);
      equal(second.resource, first.resource, both(first, second));
    },
  },
  {
    name: 'starts once when two ask at the same time',
    changing: true,
    async check(trial) {
      await trial.must('create', 'configure');
      await Promise.all([trial.must('start'), trial.must('start')]);
      isActive(await trial.observe());
      equal((await listed(trial, trial.task.owner)).length, 1);
    },
  },
  {
    name: 'is inactive after stop and absent after destroy',
    changing: true,
    async check(trial) {
      await trial.must('create', 'configure', 'start', 'stop');
      equal((await trial.observe()).state, 'inactive');
      await trial.must('destroy');
      equal((await trial.observe()).presence, 'absent');
      equal((await listed(trial, trial.task.owner)).length, 0);
    },
  },
  {
    name: 'has nothing left to do for stop and destroy of what is gone, since that is what was asked for',
    changing: true,
    async check(trial) {
      await trial.must('stop', 'destroy', 'reset');
      await trial.must('create', 'destroy', 'destroy', 'stop');
      equal((await trial.observe()).presence, 'absent');
    },
  },
  {
    name: 'is absent after reset and can be created again',
    changing: true,
    async check(trial) {
      await trial.must('create', 'configure', 'start', 'reset');
      equal((await trial.observe()).presence, 'absent');
      await trial.must('create', 'configure', 'start');
      isActive(await trial.observe());
    },
  },
  {
    name: 'lists by the beginning of the owner key, and nothing of another domain',
    changing: true,
    async check(trial) {
      await trial.must('create', 'configure', 'start');
      const domain = trial.task.owner.slice(0, trial.task.owner.indexOf(':') + 1);
      const found = await listed(trial, domain);
      equal(found.length, 1);
      isActive(found[0] as Observation);
      equal((await listed(trial, `other-${domain}`)).length, 0);
    },
  },
  {
    name: 'finds what it made before the controller was restarted, and makes no second',
    changing: true,
    async check(trial) {
      await trial.must('create', 'configure', 'start');
      const before = await trial.observe();
      const after = trial.reopened();
      isActive(await after.observe());
      await after.must('create', 'start');
      const seen = await after.observe();
      equal(seen.resource, before.resource, both(before, seen));
      equal(seen.digest, before.digest);
      await after.must('stop', 'destroy');
      equal((await trial.observe()).presence, 'absent');
    },
  },
  {
    name: 'sees that something vanished behind its back, and makes it anew',
    changing: true,
    needs: 'vanish',
    async check(trial, subject) {
      await trial.must('create', 'configure', 'start');
      await subject.vanish?.(trial.task);
      const seen = await trial.observe();
      ok(seen.presence === 'absent' || seen.state === 'failure', JSON.stringify(seen));
      await trial.must('reset', 'create', 'configure', 'start');
      isActive(await trial.observe());
    },
  },
  {
    name: 'answers a transition without effect as done, since it may not change anything',
    changing: false,
    async check(trial) {
      for (const transition of ['create', 'configure', 'start', 'stop', 'destroy', 'reset'] as const) {
        await trial.must(transition);
      }
      equal((await listed(trial, trial.task.owner)).length, 0);
      equal((await trial.observe()).presence, 'present');
    },
  },
];
