import { safe } from '../../core/base/safe-text.js';
import type { Revision } from '../../core/base/names.js';
import type { Answer, Comment, Forge } from '../../ports/forge.js';
import { forgeUrl, statusKey, type SimComment, type SimForge } from '../forge.js';
import type { Incarnation } from '../incarnation.js';
import type { ForgeWrite } from '../watcher.js';

interface Asked<T> {
  readonly verb: string;
  readonly key: string;
  /** What is to be told; null: it only asks. */
  readonly write: ForgeWrite | null;
  run(): Answer<T>;
}

const slowMs = 30_000;

/** The host of pull requests, as one incarnation has it. */
export function forgePort(incarnation: Incarnation, forge: SimForge): Forge {
  const { world } = incarnation;
  const ask = <T>(verb: string, key: string, run: () => T): Promise<Answer<T>> =>
    called(incarnation, forge, { verb, key, write: null, run: () => ok(run()) });
  const tell = <T>(write: ForgeWrite, run: () => Answer<T>): Promise<Answer<T>> =>
    called(incarnation, forge, { verb: write.verb, key: write.place, write, run });
  return {
    traits: { kind: 'sim', hasDeployments: forge.hasDeployments, commentCharacters: 60_000 },
    webUrl: forgeUrl,
    commitUrl: (revision) => `${forgeUrl}/commit/${revision}`,
    compareUrl: (base, head) => `${forgeUrl}/compare/${base}...${head}`,
    abilities: () =>
      ask('abilities', '', () => ({
        author: null,
        comments: 'unknown',
        statuses: 'unknown',
        deployments: 'unknown',
        pushes: 'unknown',
        proposals: 'unknown',
        startsChecks: 'unknown',
        remarks: [],
      })),
    pullRequest: (number) => ask('pullRequest', `${number}`, () => forge.pullRequest(number)),
    pullRequestsOf: (revision) =>
      ask('pullRequestsOf', revision, () => forge.pullRequestsOf(revision, world.now)),
    comment: (number, marker) => ask('comment', `${number}`, () => commentOf(forge.comment(number, marker))),
    writeComment: (number, marker, body) =>
      tell({ verb: 'writeComment', place: `${number}`, revision: null, text: body, state: null }, () =>
        ok(commentOf(forge.writeComment(number, marker, body)) as Comment),
      ),
    writeStatus: (revision, status) =>
      tell(
        {
          verb: 'writeStatus',
          place: statusKey(revision, status.context),
          revision,
          text: status.description,
          state: status.state,
        },
        () => {
          forge.statuses.set(statusKey(revision, status.context), status);
          return ok(null);
        },
      ),
    writeDeployment: (deployment) => {
      const { revision, environment, solution, state, description } = deployment;
      const place = `${revision} ${environment} ${solution}`;
      return tell({ verb: 'writeDeployment', place, revision, text: description, state }, () => {
        if (state !== 'inactive' || forge.deployments.has(place)) forge.deployments.set(place, deployment);
        return ok(null);
      });
    },
    propose: (proposal) => {
      const text = `${proposal.title}\n${proposal.body}`;
      return tell({ verb: 'propose', place: proposal.head, revision: null, text, state: null }, () => {
        const at = world.repository.refs.get(`refs/heads/${proposal.head}`);
        if (at === undefined) return refused(`there is no branch ${proposal.head}`);
        const before = forge.all().length;
        const proposed = forge.propose(proposal, at as Revision);
        if (forge.all().length > before) world.tell((watcher) => watcher.proposed?.(incarnation, proposed));
        return ok(proposed);
      });
    },
  };
}

/** It may be slow, refuse, ask for patience, break down before or after it is done, or do it and lose its answer. */
function called<T>(incarnation: Incarnation, forge: SimForge, asked: Asked<T>): Promise<Answer<T>> {
  const { world } = incarnation;
  const { faults } = world;
  const { verb, key, write } = asked;
  const moment = `${incarnation.number} forge ${verb}`;
  if (write !== null && !incarnation.dead) world.tell((watcher) => watcher.telling?.(incarnation, write));
  const extraMs = faults.strikes('forge.slow', moment) ? slowMs : 0;
  const answer = (): Answer<T> => {
    if (forge.refuses.has(verb)) {
      faults.count('forge.refused', moment);
      return refused(`${verb} is not allowed`);
    }
    if (faults.strikes('forge.rateLimit', moment))
      return unavailable(
        '429 Too Many Requests',
        faults.random(`${moment} after`).pick([1_000, 60_000, 300_000]),
      );
    if (faults.strikes('forge.unavailable', moment)) return unavailable('502 Bad Gateway', null);
    const done = asked.run();
    if (done.kind === 'ok' && write !== null) {
      world.change(`forge ${verb} ${key} ${write.state ?? ''} by ${incarnation.number}`);
      world.tell((watcher) => watcher.held?.(incarnation, write));
      if (faults.strikes('forge.answerLost', moment)) return unavailable('the answer was lost', null);
    }
    return done;
  };
  return incarnation.call({
    port: 'forge',
    verb,
    key,
    place: 'elsewhere',
    afterMs: world.latency('forge') + extraMs,
    run() {
      const answered = answer();
      if (write !== null) world.tell((watcher) => watcher.toldBy?.(incarnation, write, answered.kind));
      return answered;
    },
  });
}

function commentOf(comment: SimComment | null): Comment | null {
  return comment === null
    ? null
    : { url: `${forgeUrl}/pull/${comment.pullRequest}#comment`, body: comment.body };
}

function ok<T>(value: T): Answer<T> {
  return { kind: 'ok', value };
}

function refused<T>(why: string): Answer<T> {
  return { kind: 'refused', code: 'forge.forbidden', message: safe(why), fix: safe('allow it') };
}

function unavailable<T>(why: string, afterMs: number | null): Answer<T> {
  return { kind: 'unavailable', message: safe(why), afterMs };
}
