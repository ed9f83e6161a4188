import { describe, expect, it, test } from 'vitest';
import { unavailable, type UnavailablePart } from '../../src/core/model/unavailable.js';
import { createHost } from '../../src/entry/sim/host.js';
import { allInvariants } from '../../src/sim/invariants/invariants.js';
import { acto } from '../../src/sim/suites/acto.js';
import { chains, type Chain } from '../../src/sim/suites/acto/cases.js';
import { fieldsOf, kindNames } from '../../src/sim/suites/acto/fields.js';
import { refusals } from '../../src/sim/suites/acto/refusals.js';
import { sites } from '../../src/sim/suites/acto/sites.js';
import { play } from '../../src/sim/suites/acto/transitions.js';
import { runSuite } from './support/run-suite.js';

const host = createHost();
const patience = 120_000;

function only(name: string, label: string): Chain {
  const chain = chains().find((one) => one.name === name);
  const steps = chain?.steps.filter((step) => step.label === label) ?? [];
  if (chain === undefined || steps.length === 0) throw new Error(`there is no ${name}: ${label}`);
  return { ...chain, steps };
}

function played(name: string, label: string) {
  return play(only(name, label), { host, seed: 1, watchers: allInvariants });
}

test(
  'a share of all transitions: accepted ones end as a fresh installation does, others change nothing, all can be taken back',
  async () => {
    const { failures, counters } = await runSuite(acto, 'tenth');

    expect(failures).toEqual([]);
    expect(counters['transitions']?.['in all']).toBeGreaterThanOrEqual(30);
  },
  patience,
);

describe('no field can be forgotten', () => {
  it.each(kindNames)(
    'of %s: each that its schema has is tried, and none is tried that it has not',
    (kind) => {
      const inSchema = fieldsOf(kind).map(({ path }) => path);

      expect(new Set(Object.keys(sites[kind]))).toEqual(new Set(inSchema));
    },
  );

  it('each is changed or removed, and each but those that are mere choices is written wrongly', () => {
    for (const chain of chains()) {
      const expected = new Set(chain.steps.map(({ expect: outcome }) => outcome));
      expect(chain.steps.length, chain.name).toBeGreaterThan(0);
      if (!chain.name.endsWith('of what is released'))
        expect(
          [...expected].some((one) => one === 'rejected' || one.includes('.')),
          chain.name,
        ).toBe(true);
    }
  });

  it('each feature of a later release is refused by its name', () => {
    for (const chain of refusals()) {
      const tried = new Set(chain.steps.map(({ label }) => label.split(':')[0]));
      const all = unavailable[chain.field as UnavailablePart].map(({ key }) => key);
      expect(tried, chain.name).toEqual(new Set(all));
    }
  });
});

describe('what transitions have found', () => {
  it(
    'a listener goes to another port and back: the order to free it did not overtake the next one',
    async () => {
      await expect(played('Solution elements.*.expose', '{"port":8081}')).resolves.toMatchObject({
        outcomes: ['applied'],
      });
    },
    patience,
  );

  it(
    'a release that speaks otherwise is taken back: its listener speaks again as before',
    async () => {
      const label = '{"url":"tcp://${instance.address}:${instance.port}"}';
      await expect(played('Component endpoint in a new release', label)).resolves.toMatchObject({
        outcomes: ['applied'],
      });
    },
    patience,
  );

  it(
    'a pre-release goes to another provider: it is made there, and does not stay with the former one',
    async () => {
      await expect(played('Component provider', '"cloud"')).resolves.toMatchObject({ outcomes: ['applied'] });
    },
    patience,
  );

  it(
    'a running domain gets another name: the commit is rejected, for nobody would know what runs any more',
    async () => {
      await expect(played('Domain name', '"stage"')).resolves.toMatchObject({ outcomes: ['rejected'] });
    },
    patience,
  );
});

it(
  'a controller that forgets to take something away does not pass: going back would leave it there',
  async () => {
    const chain = only('Solution elements.*.size', '3');

    await expect(
      play(chain, {
        host,
        seed: 1,
        watchers: [
          ({ world }) => {
            const { technology } = world;
            const apply = technology.apply.bind(technology);
            technology.apply = (transition, ...rest) =>
              transition !== 'destroy' && apply(transition, ...rest);
            return {};
          },
        ],
      }),
    ).rejects.toThrow(/^invariant 1[45]: 3: /);
  },
  patience,
);
