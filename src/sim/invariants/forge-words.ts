import type { Entry } from '../../core/journal/entry.js';
import { marker } from '../../core/status/comment/document.js';
import { ourName } from '../forge.js';
import type { Life } from '../life.js';
import { mainRef, statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { ForgeWrite, Watcher } from '../watcher.js';

/** For each entry of the journal, and each commit that a former life may not have told to its end. */
const writesEach = 6;
const atStart = 60;

/** 20. A forge is told what is new, once: a number of times that follows from the journal, and nothing twice in a row. */
export function fewWords({ world }: Stage): Watcher {
  const heard = new Map<Life, { entries: number; writes: number; last: Map<string, string> }>();
  const of = (life: Life) => {
    const known = heard.get(life) ?? { entries: 0, writes: 0, last: new Map<string, string>() };
    heard.set(life, known);
    return known;
  };
  return {
    recorded: (incarnation) => void of(incarnation).entries++,
    toldBy(incarnation, write, answer) {
      if (answer !== 'ok') return;
      const known = of(incarnation);
      const most = atStart + writesEach * known.entries;
      if (++known.writes > most)
        world.violate(20, `the forge was told ${known.writes} times of ${known.entries} entries`);
      const key = `${write.verb} ${write.place}`;
      const words = `${write.state ?? ''} ${write.text}`;
      if (known.last.get(key) === words && write.verb !== 'propose')
        world.violate(20, `${key} was told twice: ${words.slice(0, 100)}`);
      known.last.set(key, words);
    },
    died: (incarnation) => void heard.delete(incarnation),
  };
}

/**
 * 20. One comment of ours beside a pull request; one open pull request of ours for each failed arrival, from a branch that
 * is never forced. Nothing of ours is merged by us.
 */
export function oneProposal({ world }: Stage): Watcher {
  const { repository } = world;
  return {
    held(_incarnation, { verb }) {
      const { forge } = world;
      if (forge === null || verb !== 'writeComment') return;
      const seen = new Set<number>();
      for (const { author, pullRequest, body } of forge.comments) {
        if (author !== ourName || !body.startsWith(marker)) continue;
        if (seen.has(pullRequest)) world.violate(20, `two comments of ours beside #${pullRequest}`);
        seen.add(pullRequest);
      }
    },
    proposed() {
      const open = new Map<string, number>();
      for (const { number, author, state, head } of world.forge?.all() ?? []) {
        if (author !== ourName || state !== 'open') continue;
        const body = repository.commits.get(head)?.body ?? '';
        const taken = /^Heliostat-Reverts: .*$/m.exec(body)?.[0] ?? `nothing, #${number}`;
        const other = open.get(taken);
        if (other !== undefined) world.violate(20, `#${other} and #${number} both are for ${taken}`);
        open.set(taken, number);
      }
    },
    swapped(ref, from, to, by) {
      if (by === null || to === null) return;
      if (ref === mainRef && world.forge?.policy.reverts === 'pullRequest')
        world.violate(20, `${by.number} has moved the tracked branch, which pull requests are to do`);
      const isOurs = ref.startsWith('refs/heads/heliostat/revert');
      if (isOurs && from !== null && !repository.isAncestor(from, to))
        world.violate(20, `${ref} was forced by ${by.number}`);
    },
  };
}

/** What it takes to understand what was read; in milliseconds. */
const graceMs = 2_000;

/** 5. Who has read that another has the domain tells the forge nothing more. */
export function silentWithout({ world }: Stage): Watcher {
  let owner: Life | null = null;
  const owned = new Set<Life>();
  const knowsSince = new Map<Life, number>();
  const tells = (life: Life, { verb, place }: ForgeWrite): void => {
    const since = knowsSince.get(life);
    if (since !== undefined && world.now - since > graceMs)
      world.violate(5, `${verb} of ${place} by ${life.number}, which has lost the domain`);
  };
  return {
    swapped(ref, _from, to, by) {
      if (ref !== statusRef || by === null || to === null || owner === by) return;
      owner = by;
      owned.add(by);
    },
    recorded(incarnation, { entry }) {
      // It has taken it back.
      if ((entry as Entry).kind === 'domain.claimed') knowsSince.delete(incarnation);
    },
    answered(incarnation, { port, verb, key }) {
      if (port !== 'refs' || verb !== 'read' || key !== statusRef || !owned.has(incarnation)) return;
      if (owner !== incarnation && !isShownOwn(incarnation) && !knowsSince.has(incarnation))
        knowsSince.set(incarnation, world.now);
    },
    // Who stood still has not understood anything meanwhile.
    acted: ({ kind }) => void (kind === 'process.pause' && knowsSince.clear()),
    telling: tells,
    died(incarnation) {
      knowsSince.delete(incarnation);
      owned.delete(incarnation);
    },
  };

  /** A remote that is away shows what it was. */
  function isShownOwn({ machine }: Life): boolean {
    return world.remote !== null && machine.copy.get(statusRef) !== world.repository.refs.get(statusRef);
  }
}
