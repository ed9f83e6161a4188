import type { Revision } from '../../core/base/names.js';
import type { RevisionState } from '../../core/rollout/domain.js';
import { commentLimit, emptyComment, marker } from '../../core/status/comment/document.js';
import { withOutcome } from '../../core/status/comment/outcome-update.js';
import { readComment } from '../../core/status/comment/read.js';
import { deploymentWords, outcomeStatus } from '../../core/status/comment/sentences.js';
import type { DifferingPlan, OutcomeReport, SolutionOutcome } from '../../core/status/comment/types.js';
import { writeComment } from '../../core/status/comment/write.js';
import type { Surroundings } from '../../core/status/outcome.js';
import { outcomeOf } from '../../core/status/outcome.js';
import type { Answer, Deployment, Forge, PullRequest } from '../../ports/forge.js';
import type { Core } from '../core.js';
import { isSynced } from '../synced.js';
import type { Told } from './told.js';

/** A commit may be known to the forge as merged only a while after it was pushed. In milliseconds. */
export const askAgainMs = 30_000;
/** What changes while the journal is synced is looked at anew, so often. */
const looks = 5;

/** Tells all there is to tell of one commit; what was told so already is not told again. */
export class Teller {
  private readonly said = new Map<string, string>();
  private readonly merged = new Map<
    Revision,
    { readonly found: readonly PullRequest[]; readonly atMs: number; readonly isSure: boolean }
  >();

  constructor(
    private readonly core: Core,
    private readonly forge: Forge,
  ) {}

  async tell(revision: Revision): Promise<Told> {
    const seen = this.core.state.domain.revisions.get(revision);
    if (seen === undefined) return told;
    const around = await this.surroundings(seen);
    if ('kind' in around) return around;
    const outcome = await this.safeOutcome(revision, around);
    if (outcome === null) return told;
    if ('kind' in outcome) return outcome;
    const known = this.core.state.domain.revisions.get(revision) ?? seen;
    // One that is not allowed says nothing of the others.
    const parts = [
      await this.status(outcome),
      await this.deployments(outcome, known),
      await this.comments(outcome, known),
    ];
    return (
      parts.find(({ kind }) => kind === 'unavailable') ?? parts.find(({ kind }) => kind === 'refused') ?? told
    );
  }

  /** As it is now, and no crash takes it back: what is told is safe in the journal first. */
  private async safeOutcome(revision: Revision, around: Surroundings): Promise<OutcomeReport | Told | null> {
    const { branch, carrier, state, facts } = this.core;
    let words = '';
    for (let i = 0; i < looks; i++) {
      const outcome = outcomeOf(state, facts, revision, around);
      const now = JSON.stringify(outcome);
      // Before the claim there is nothing that this life has added.
      if (now === words || !branch.isClaimed) return outcome;
      words = now;
      if (!(await isSynced(this.core)) || (await carrier?.settled()) === false) return unsafe;
    }
    return unsafe;
  }

  /** It may have come by a pull request of which the forge does not say so yet. */
  isUnsure(revision: Revision): boolean {
    return this.merged.get(revision)?.isSure === false;
  }

  private async surroundings(known: RevisionState): Promise<Surroundings | Told> {
    const { forge } = this;
    const number = known.revert?.pullRequest?.number;
    const answer = number === undefined ? null : await forge.pullRequest(number);
    if (answer?.kind === 'unavailable') return answer;
    return {
      nowMs: this.core.ports.clock.wallMs(),
      commitUrl: (revision) => forge.commitUrl(revision),
      lineUrl: () => null,
      proposal: answer?.kind === 'ok' ? (answer.value?.state ?? 'open') : 'open',
      differing: null,
      wholeUrl: null,
    };
  }

  private async status(outcome: OutcomeReport): Promise<Told> {
    const status = { context: `heliostat/${outcome.domain}`, ...outcomeStatus(outcome), url: null };
    return this.once(`status ${outcome.revision}`, status, () =>
      this.forge.writeStatus(outcome.revision, status),
    );
  }

  private async deployments(outcome: OutcomeReport, known: RevisionState): Promise<Told> {
    if (!this.forge.traits.hasDeployments || known.state !== 'accepted') return told;
    let worst: Told = told;
    for (const solution of outcome.solutions) {
      const deployment = deploymentOf(outcome, solution);
      const key = `deployment ${outcome.revision} ${deployment.solution}`;
      const one = await this.once(key, deployment, () => this.forge.writeDeployment(deployment));
      if (one.kind === 'unavailable') return one;
      if (one.kind === 'refused') worst = one;
    }
    return worst;
  }

  private async comments(outcome: OutcomeReport, known: RevisionState): Promise<Told> {
    if (this.core.options.forge?.comments === false) return told;
    const pulls = await this.pullRequests(outcome.revision);
    if (pulls.kind !== 'ok') return pulls;
    let worst: Told = told;
    for (const { number } of pulls.value) {
      const one = await this.comment(number, outcome, known);
      if (one.kind === 'unavailable') return one;
      if (one.kind === 'refused') worst = one;
    }
    return worst;
  }

  private async comment(number: number, outcome: OutcomeReport, known: RevisionState): Promise<Told> {
    const key = `comment ${outcome.revision} ${number}`;
    const words = JSON.stringify({ ...outcome, updatedAtMs: 0 });
    if (this.said.get(key) === words) return told;
    const standing = await this.forge.comment(number, marker);
    if (standing.kind !== 'ok') return standing;
    const document = (standing.value === null ? null : readComment(standing.value.body)) ?? emptyComment();
    const section = document.sections.get(outcome.domain);
    // A domain that a pull request does not touch has no place in its comment.
    if (outcome.solutions.length === 0 && outcome.verdict === 'applied' && section === undefined) return told;
    const differing = differingFrom(this.core, known, section?.memory.planDigest ?? null);
    const body = writeComment(withOutcome(document, { ...outcome, differing }), this.limit);
    const answer = await this.forge.writeComment(number, marker, body);
    if (answer.kind === 'ok') this.said.set(key, words);
    return toldBy(answer);
  }

  private get limit(): number {
    return Math.min(commentLimit, this.forge.traits.commentCharacters);
  }

  private async pullRequests(revision: Revision): Promise<Answer<readonly PullRequest[]>> {
    const { clock } = this.core.ports;
    const cached = this.merged.get(revision);
    if (cached !== undefined && (cached.found.length > 0 || clock.monoMs() - cached.atMs < askAgainMs))
      return { kind: 'ok', value: cached.found };
    const answer = await this.forge.pullRequestsOf(revision);
    if (answer.kind !== 'ok') return answer;
    const found = answer.value.filter(({ state, merged }) => state === 'merged' && merged === revision);
    // Asked twice, it came by none.
    this.merged.set(revision, {
      found,
      atMs: clock.monoMs(),
      isSure: found.length > 0 || cached !== undefined,
    });
    return { kind: 'ok', value: found };
  }

  private async once(key: string, what: object, write: () => Promise<Answer<unknown>>): Promise<Told> {
    const words = JSON.stringify(what);
    if (this.said.get(key) === words) return told;
    const answer = await write();
    if (answer.kind === 'ok') this.said.set(key, words);
    return toldBy(answer);
  }
}

function deploymentOf(outcome: OutcomeReport, solution: SolutionOutcome): Deployment {
  const { revision, domain: environment, revert, wholeUrl: logUrl } = outcome;
  const words = deploymentWords(solution, revert);
  return { revision, environment, solution: solution.name, ...words, logUrl, environmentUrl: null };
}

const told: Told = { kind: 'told' };
const unsafe: Told = { kind: 'unavailable', message: 'the journal cannot be written', afterMs: null };

function toldBy(answer: Answer<unknown>): Told {
  return answer.kind === 'ok' ? told : answer;
}

/** The pull request showed another plan than the one that was made after its merge. */
function differingFrom(core: Core, known: RevisionState, shown: string | null): DifferingPlan | null {
  if (shown === null || known.plan === undefined || shown === known.plan) return null;
  return { made: core.plans.of(known.revision), digest: known.plan, then: 'wentOn', command: null };
}
