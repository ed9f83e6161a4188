import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import type { Answer, CommitStatus, Forge, Proposal } from '../../../src/ports/forge.js';
import type { Waiting } from '../../../src/adapters/forge/parts/patience.js';
import { startServer, type Fate, type FakeServer, type Which } from '../../support/forge/server.js';

/** What the contract does to a fake forge, and sees of it. */
export interface ContractHub {
  readonly log: FakeServer['log'];
  fate(which: Which, fate: Fate, times?: number): void;
  branch(name: string, sha: string): void;
  openPullRequest(pull: {
    readonly head: string;
    readonly title?: string;
    readonly fork?: string;
    readonly sha?: string;
  }): Promise<number>;
  push(branch: string, sha: string): void;
  merge(number: number, sha: string): void;
  closePullRequest(number: number): void;
  say(number: number, login: string, body: string): number;
  comments(number: number): readonly {
    readonly id: number;
    readonly body: string;
    readonly by: { readonly login: string };
    readonly edits: number;
  }[];
  statuses(sha: string): readonly { readonly context: string; readonly state: string }[];
  pulls(): readonly {
    readonly number: number;
    readonly head: string;
    readonly title: string;
    readonly body: string | null;
    readonly state: string;
    readonly labels: readonly string[];
  }[];
  close(): Promise<void>;
}

export interface World {
  readonly hub: ContractHub;
  /** As whom `forge` writes. */
  readonly login: string;
  readonly token: string;
  forge(waiting?: Waiting): Forge;
  /** The same, which takes comments of these for its own. */
  trusting(logins: readonly string[]): Forge;
  /** With a token that nobody knows, or one that may only read. */
  stranger(): Forge;
  reader(): Forge;
  readonly paths: { readonly comments: RegExp; readonly statuses: RegExp; readonly pulls: RegExp };
}

/** A second of waiting is a millisecond; what really takes time may take it, on a machine that is busy. */
export const quick = { secondMs: 1, timeoutMs: 8_000, patienceMs: 15_000 } as const;

const marker = '<!-- heliostat: plan -->';
const body = (text: string): string => `${marker}\n${text}`;
const sha = (digit: string): Revision => digit.repeat(40) as Revision;
const status: CommitStatus = {
  context: 'heliostat/prod',
  state: 'pending',
  description: '2 of 5 instances are new',
  url: 'https://status.example.com/prod',
};
const proposal: Proposal = {
  head: 'heliostat/revert-1',
  base: 'main',
  title: 'Revert "Raise api to 1.4.0"',
  body: 'It failed.\n\nEvidence follows.',
  labels: ['heliostat', 'revert'],
};

export function value<T>(answer: Answer<T>): T {
  if (answer.kind === 'ok') return answer.value;
  throw new Error(`${answer.kind}: ${answer.message}`);
}

/** Every forge is held to this, whatever its API. */
export function contractOf(name: string, open: () => Promise<World>): void {
  describe(`the contract of forges, kept by ${name}`, () => {
    let world: World;
    let hub: ContractHub;
    let forge: Forge;
    const told: unknown[] = [];
    /** Writes that went through, from here on. */
    const writes = (): number => hub.log.filter(({ needs }) => needs === 'write').length;

    beforeEach(async () => {
      world = await open();
      ({ hub } = world);
      forge = listening(world.forge(), told);
      hub.branch(proposal.head, sha('c'));
    });
    afterEach(async () => {
      await hub.close();
      // Whatever went wrong, no answer holds the token.
      expect(JSON.stringify(told.splice(0))).not.toContain(world.token);
    });

    describe('pull requests', () => {
      it('are shown as they are', async () => {
        const number = await hub.openPullRequest({ head: 'raise', title: 'Raise api', sha: sha('b') });
        expect(value(await forge.pullRequest(number))).toMatchObject({
          number,
          state: 'open',
          title: 'Raise api',
          author: 'alice',
          head: sha('b'),
          headBranch: 'raise',
          isFork: false,
          base: 'main',
          merged: null,
        });
      });

      it('are told to be of a fork, since those are given nothing', async () => {
        const number = await hub.openPullRequest({ head: 'raise', fork: 'mallory' });
        expect(value(await forge.pullRequest(number))).toMatchObject({ isFork: true, headBranch: 'raise' });
      });

      it('have ended as merged or closed, and have a merged commit only then', async () => {
        const merged = await hub.openPullRequest({ head: 'one' });
        const closed = await hub.openPullRequest({ head: 'two' });
        hub.merge(merged, sha('d'));
        hub.closePullRequest(closed);
        expect(value(await forge.pullRequest(merged))).toMatchObject({ state: 'merged', merged: sha('d') });
        expect(value(await forge.pullRequest(closed))).toMatchObject({ state: 'closed', merged: null });
      });

      it('that are not there are null', async () => {
        expect(await forge.pullRequest(77)).toEqual({ kind: 'ok', value: null });
      });

      it('of a commit are those that it is the head of, and the one that it became', async () => {
        const number = await hub.openPullRequest({ head: 'raise', sha: sha('b') });
        const numbers = async (revision: Revision) =>
          value(await forge.pullRequestsOf(revision)).map((one) => one.number);
        expect(await numbers(sha('b'))).toEqual([number]);
        hub.merge(number, sha('d'));
        expect(await numbers(sha('d'))).toEqual([number]);
        expect(await numbers(sha('9'))).toEqual([]);
      });
    });

    describe('the one comment', () => {
      let number: number;
      const ours = () => hub.comments(number).filter(({ by }) => by.login === world.login);

      beforeEach(async () => {
        number = await hub.openPullRequest({ head: 'raise' });
      });

      it('is not there at first', async () => {
        expect(await forge.comment(number, marker)).toEqual({ kind: 'ok', value: null });
      });

      it('is written, found, and written anew in its place', async () => {
        const first = value(await forge.writeComment(number, marker, body('planned')));
        const second = value(await forge.writeComment(number, marker, body('applied')));
        expect(second.url).toBe(first.url);
        expect(value(await forge.comment(number, marker))).toEqual({ url: first.url, body: body('applied') });
        expect(ours()).toHaveLength(1);
      });

      it('costs no write where it says so already', async () => {
        await forge.writeComment(number, marker, body('planned\n'));
        const before = writes();
        value(await forge.writeComment(number, marker, body('planned\n')));
        expect(writes()).toBe(before);
      });

      it('is one after 30 pushes', async () => {
        for (let push = 1; push <= 30; push++)
          value(await forge.writeComment(number, marker, body(`push ${push}`)));
        expect(ours().map((one) => one.body)).toEqual([body('push 30')]);
      });

      it('is one after 30 writes at once, and says what came last', async () => {
        const all = Array.from({ length: 30 }, (_, i) => forge.writeComment(number, marker, body(`${i}`)));
        for (const answer of await Promise.all(all)) value(answer);
        expect(ours().map((one) => one.body)).toEqual([body('29')]);
      });

      it('is one where several write who do not know of each other', async () => {
        const writers = Array.from({ length: 6 }, () => world.forge());
        const all = writers.map((writer, i) => writer.writeComment(number, marker, body(`writer ${i}`)));
        for (const answer of await Promise.all(all)) value(answer);
        expect(ours()).toHaveLength(1);
      });

      it('is one for each marker', async () => {
        value(await forge.writeComment(number, marker, body('plan')));
        value(await forge.writeComment(number, '<!-- other -->', '<!-- other -->\ndrift'));
        expect(ours()).toHaveLength(2);
      });

      it('leaves comments of others alone, even with our marker', async () => {
        hub.say(number, 'mallory', body('all is well'));
        hub.say(number, 'alice', 'Looks good');
        value(await forge.writeComment(number, marker, body('1 to destroy')));
        value(await forge.writeComment(number, marker, body('2 to destroy')));
        expect(hub.comments(number).map((one) => one.body)).toEqual([
          body('all is well'),
          'Looks good',
          body('2 to destroy'),
        ]);
        expect(value(await forge.comment(number, marker))?.body).toBe(body('2 to destroy'));
      });

      it('is not one that only quotes the marker', async () => {
        hub.say(number, world.login, `> ${marker}\nsee above`);
        value(await forge.writeComment(number, marker, body('plan')));
        expect(ours()).toHaveLength(2);
      });

      it('is found behind hundreds of others', async () => {
        for (let i = 0; i < 120; i++) hub.say(number, 'alice', `remark ${i}`);
        value(await forge.writeComment(number, marker, body('plan')));
        for (let i = 0; i < 120; i++) hub.say(number, 'alice', `more ${i}`);
        value(await forge.writeComment(number, marker, body('applied')));
        expect(ours().map((one) => one.body)).toEqual([body('applied')]);
      });

      it('is not made twice where the answer to the first was lost', async () => {
        hub.fate({ method: 'POST', path: world.paths.comments }, { kind: 'lost' });
        value(await forge.writeComment(number, marker, body('plan')));
        expect(ours()).toHaveLength(1);
      });

      it.each<Fate>([{ kind: 'cut' }, { kind: 'status', status: 502 }, { kind: 'html', status: 200 }])(
        'is made after all where the first attempt came to nothing: %j',
        async (fate) => {
          hub.fate({ method: 'POST', path: world.paths.comments }, fate);
          value(await forge.writeComment(number, marker, body('plan')));
          expect(ours()).toHaveLength(1);
        },
      );

      it('survives weather at each of its requests', async () => {
        const weather: Fate[] = [
          { kind: 'status', status: 500 },
          { kind: 'lost' },
          { kind: 'cut' },
          { kind: 'html', status: 502 },
        ];
        for (const [round, fate] of weather.entries()) {
          for (const method of ['GET', 'POST', 'PATCH']) hub.fate({ method }, fate);
          value(await forge.writeComment(number, marker, body(`round ${round}`)));
          expect(ours().map((one) => one.body)).toEqual([body(`round ${round}`)]);
        }
      });

      it('goes, where earlier writers left two, down to the oldest', async () => {
        const first = hub.say(number, world.login, body('old'));
        hub.say(number, world.login, body('older writer'));
        value(await forge.writeComment(number, marker, body('new')));
        expect(ours().map(({ id, body: text }) => ({ id, text }))).toEqual([
          { id: first, text: body('new') },
        ]);
      });

      describe('of two writers who trust each other', () => {
        let trusting: Forge;

        beforeEach(() => {
          trusting = listening(world.trusting(['Other-Writer']), told);
        });

        it('is the one that was there first: it is read, and written anew in its place', async () => {
          const first = hub.say(number, 'other-writer', body('planned'));
          expect(value(await trusting.comment(number, marker))?.body).toBe(body('planned'));
          value(await trusting.writeComment(number, marker, body('applied')));
          value(await trusting.writeComment(number, marker, body('reverted')));
          expect(hub.comments(number)).toMatchObject([{ id: first, body: body('reverted'), edits: 2 }]);
        });

        it('is one after both wrote at once: each takes away its own, never that of the other', async () => {
          const first = hub.say(number, 'other-writer', body('planned'));
          hub.say(number, world.login, body('planned, too'));
          const late = hub.say(number, 'other-writer', body('planned again'));
          value(await trusting.writeComment(number, marker, body('applied')));
          expect(hub.comments(number).map(({ id }) => id)).toEqual([first, late]);
        });

        it('leaves that of anybody else alone', async () => {
          hub.say(number, 'mallory', body('all is well'));
          value(await trusting.writeComment(number, marker, body('1 to destroy')));
          expect(hub.comments(number).map((one) => one.body)).toEqual([
            body('all is well'),
            body('1 to destroy'),
          ]);
        });

        it('is refused, with what mends it, where it may not be edited: a second one is never made', async () => {
          hub.say(number, 'other-writer', body('planned'));
          hub.fate({ method: 'PATCH' }, { kind: 'status', status: 403 });
          const answer = await trusting.writeComment(number, marker, body('applied'));
          expect(answer).toMatchObject({ kind: 'refused', code: 'forge.commentOfAnother' });
          expect(answer.kind === 'refused' && answer.fix).toContain('forge.trusts');
          expect(hub.comments(number).map((one) => one.body)).toEqual([body('planned')]);
        });

        it('does not make us take the other for ourselves', async () => {
          hub.say(number, 'other-writer', body('planned'));
          value(await trusting.writeComment(number, marker, body('applied')));
          expect(value(await trusting.abilities()).author).toBe(world.login);
        });
      });

      it('has a body that begins with its marker: without it nobody would find it again', async () => {
        await expect(forge.writeComment(number, marker, 'plan')).rejects.toThrow('begins with its marker');
      });
    });

    describe('a commit status', () => {
      const write = (change: Partial<CommitStatus> = {}) =>
        forge.writeStatus(sha('b'), { ...status, ...change });
      const states = () => hub.statuses(sha('b')).map(({ state }) => state);

      it('is written once, however often it is said', async () => {
        for (let i = 0; i < 5; i++) value(await write());
        expect(states()).toEqual(['pending']);
      });

      it('is written again when it changes, back too', async () => {
        value(await write());
        value(await write({ state: 'failure' }));
        value(await write());
        value(await write({ description: '3 of 5 instances are new' }));
        value(await write({ url: null }));
        expect(states()).toEqual(['pending', 'failure', 'pending', 'pending', 'pending']);
      });

      it('of one context does not hide that of another', async () => {
        value(await write());
        value(await write({ context: 'heliostat/test' }));
        value(await write());
        expect(states()).toHaveLength(2);
      });

      it('is written once where its answer is lost', async () => {
        hub.fate({ method: 'POST', path: world.paths.statuses }, { kind: 'lost' });
        value(await write({ state: 'success' }));
        expect(states()).toEqual(['success']);
      });

      it('is written once by many at once', async () => {
        for (const answer of await Promise.all(Array.from({ length: 10 }, () => write()))) value(answer);
        expect(states()).toEqual(['pending']);
      });
    });

    describe('a proposal', () => {
      const opened = () => hub.pulls().filter(({ head }) => head === proposal.head);

      it('is opened, with its labels', async () => {
        const pull = value(await forge.propose(proposal));
        expect(pull).toMatchObject({
          state: 'open',
          headBranch: proposal.head,
          base: 'main',
          author: world.login,
        });
        expect(opened()).toMatchObject([
          { number: pull.number, title: proposal.title, body: proposal.body, labels: proposal.labels },
        ]);
      });

      it('that is there already is left as it is', async () => {
        const first = value(await forge.propose(proposal));
        const before = writes();
        expect(value(await forge.propose(proposal)).number).toBe(first.number);
        expect(writes()).toBe(before);
      });

      it('is written anew, never opened a second time', async () => {
        value(await forge.propose({ ...proposal, labels: [] }));
        value(await forge.propose({ ...proposal, title: 'Revert it', body: 'Twice' }));
        expect(opened()).toMatchObject([{ title: 'Revert it', body: 'Twice', labels: proposal.labels }]);
      });

      it('is opened once where its answer is lost', async () => {
        hub.fate({ method: 'POST', path: world.paths.pulls }, { kind: 'lost' });
        value(await forge.propose(proposal));
        expect(opened()).toHaveLength(1);
      });

      it('is opened once by many at once', async () => {
        const writers = [forge, forge, world.forge(), world.forge()];
        for (const answer of await Promise.all(writers.map((one) => one.propose(proposal)))) value(answer);
        expect(opened()).toHaveLength(1);
      });

      it('that somebody closed is opened anew', async () => {
        const first = value(await forge.propose(proposal));
        hub.closePullRequest(first.number);
        expect(value(await forge.propose(proposal)).number).not.toBe(first.number);
      });

      it('is never merged by us', async () => {
        const pull = value(await forge.propose(proposal));
        expect(value(await forge.pullRequest(pull.number))?.state).toBe('open');
        expect(hub.log.filter(({ path }) => path.includes('merge'))).toEqual([]);
      });

      it('of nothing is refused, and says so', async () => {
        hub.branch(proposal.head, sha('a'));
        expect(await forge.propose(proposal)).toMatchObject({
          kind: 'refused',
          code: 'forge.nothingToPropose',
        });
      });
    });

    describe('a forge that does not answer as it should', () => {
      let number: number;
      beforeEach(async () => {
        number = await hub.openPullRequest({ head: 'raise' });
        // It is known by now who we are.
        value(await forge.writeComment(number, marker, body('planned')));
      });

      it('is asked again a few times, where asking changes nothing', async () => {
        hub.fate({ method: 'GET' }, { kind: 'status', status: 503 }, 2);
        expect(value(await forge.pullRequest(number))).toMatchObject({ number });
      });

      it('is not asked for ever', async () => {
        hub.fate({}, { kind: 'status', status: 503 }, 1_000);
        const before = hub.log.length;
        expect(await forge.pullRequest(number)).toMatchObject({ kind: 'unavailable', afterMs: null });
        expect(hub.log.length - before).toBeLessThan(6);
      });

      it.each<Fate>([{ kind: 'html', status: 200 }, { kind: 'cut' }, { kind: 'hang' }])(
        'is unavailable, and never believed: %j',
        async (fate) => {
          hub.fate({}, fate, 1_000);
          const impatient = listening(world.forge({ ...quick, timeoutMs: 50 }), told);
          expect(await impatient.pullRequest(number)).toMatchObject({ kind: 'unavailable' });
          expect(await impatient.writeComment(number, marker, body('x'))).toMatchObject({
            kind: 'unavailable',
          });
        },
      );

      it('is given up where the patience for one call is over', async () => {
        hub.fate({}, { kind: 'hang' }, 1_000);
        const impatient = listening(
          world.forge({ secondMs: 1_000, timeoutMs: 10_000, patienceMs: 60 }),
          told,
        );
        const began = performance.now();
        expect(await impatient.pullRequest(number)).toMatchObject({ kind: 'unavailable' });
        expect(performance.now() - began).toBeLessThan(8_000);
      });

      it('that asks to wait a little is waited for', async () => {
        hub.fate({}, { kind: 'limit', status: 429, afterSeconds: 20 });
        expect(value(await forge.pullRequest(number))).toMatchObject({ number });
        hub.fate({ method: 'POST' }, { kind: 'limit', status: 429, afterSeconds: 20 });
        value(await forge.writeStatus(sha('b'), status));
      });

      it('that asks to wait for long is left alone, and when to come back is told', async () => {
        hub.fate({}, { kind: 'limit', status: 429, afterSeconds: 72_000 }, 1_000);
        const before = hub.log.length;
        const answer = await forge.pullRequest(number);
        expect(answer).toMatchObject({ kind: 'unavailable', afterMs: 72_000_000 });
        expect(hub.log.length - before).toBe(1);
      });

      it.each([301, 302, 307, 308] as const)(
        'that leads on to another host (%i) is not followed: it would be handed the token',
        async (code) => {
          const elsewhere = await startServer({
            answer: () => ({ status: 200, body: {} }),
            needs: () => 'read',
            authorization: () => '',
            limited: () => ({ status: 429 }),
          });
          hub.fate({}, { kind: 'redirect', to: `${elsewhere.url}/hand-it-over`, status: code }, 1_000);
          expect(await forge.pullRequest(number)).toMatchObject({
            kind: 'refused',
            code: 'forge.redirected',
          });
          expect(await forge.writeStatus(sha('b'), status)).toMatchObject({ kind: 'refused' });
          expect(elsewhere.log).toEqual([]);
          await elsewhere.close();
        },
      );

      it('that leads in circles is not followed for ever', async () => {
        hub.fate({}, { kind: 'redirect', to: '/round/and/round', status: 307 }, 1_000);
        expect(await forge.pullRequest(number)).toMatchObject({ kind: 'refused', code: 'forge.redirected' });
      });

      it('does not know a wrong token: nothing is tried again', async () => {
        const stranger = listening(world.stranger(), told);
        expect(await stranger.pullRequest(number)).toMatchObject({
          kind: 'refused',
          code: 'forge.credentials',
        });
        expect(await stranger.writeStatus(sha('b'), status)).toMatchObject({ code: 'forge.credentials' });
      });

      it('names what a token may not do', async () => {
        const reader = listening(world.reader(), told);
        expect(value(await reader.pullRequest(number))).toMatchObject({ number });
        expect(await reader.writeComment(number, marker, body('x'))).toMatchObject({
          code: 'forge.forbidden',
        });
        expect(await reader.writeStatus(sha('b'), status)).toMatchObject({ code: 'forge.forbidden' });
        expect(await reader.propose(proposal)).toMatchObject({ code: 'forge.forbidden' });
      });
    });

    it('finds out what it may do without writing anything', async () => {
      const abilities = value(await forge.abilities());
      expect(abilities.author).toBe(world.login);
      for (const { code, message, fix } of abilities.remarks) {
        expect(code).toMatch(/^forge\./);
        expect(message.length * fix.length).toBeGreaterThan(0);
      }
      expect(writes()).toBe(0);
    });

    it('only reads where it is only asked', async () => {
      const number = await hub.openPullRequest({ head: 'raise' });
      value(await forge.pullRequest(number));
      value(await forge.pullRequestsOf(sha('b')));
      value(await forge.comment(number, marker));
      expect(writes()).toBe(0);
    });

    it('says where people find a commit and a comparison', () => {
      expect(forge.commitUrl(sha('b'))).toBe(`${forge.webUrl}/commit/${sha('b')}`);
      expect(forge.compareUrl('main', 'heliostat/revert #1')).toContain('main...heliostat/revert%20%231');
    });
  });
}

/** The forge, with every answer that it gives kept. */
function listening(forge: Forge, told: unknown[]): Forge {
  return new Proxy(forge, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const given = (member as (...args: unknown[]) => unknown).apply(target, args);
        if (given instanceof Promise) given.then((answer) => told.push(answer)).catch(() => undefined);
        return given;
      };
    },
  });
}
