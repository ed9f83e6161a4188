import type { Digest } from '../../core/base/digest.js';
import type { DomainName, Revision } from '../../core/base/names.js';
import { emptyComment, emptyMemory, marker, withSection } from '../../core/status/comment/document.js';
import { writeComment } from '../../core/status/comment/write.js';
import type { PullRequest } from '../../ports/forge.js';
import { wallStart } from '../clock.js';
import type { SimForge } from '../forge.js';
import { mainRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import { writtenIn } from './pulls.js';
import type { Model } from './model.js';

/** A commit of people may have come by a pull request, in which a plan may have been shown. */
export function cameBy(stage: Stage, revision: Revision, title: string): void {
  const { world, script } = stage;
  const { forge } = world;
  if (forge === null || script.forge === undefined) return;
  const random = world.faults.random('pull request');
  if (!random.chance(script.forge.pullShare)) return;
  const { number } = forge.open({
    title,
    author: 'ada',
    head: world.repository.commit(stage.author.files(), null, `Draft of ${title}`, wallStart + world.now),
    headBranch: `change-${revision.slice(0, 7)}`,
  });
  if (random.chance(0.4)) showPlan(forge, number, random.chance(0.3) ? ('1:another' as Digest) : null);
  // A forge may know of it only a while after the branch has moved.
  forge.merge(number, revision, world.now + random.pick([0, 0, 1_000, 20_000]));
}

function showPlan(forge: SimForge, number: number, planDigest: Digest | null): void {
  const memory = { ...emptyMemory('prod' as DomainName, wallStart), phase: 'planned' as const, planDigest };
  const shown = withSection(emptyComment(), { memory, parts: [] });
  forge.writeComment(number, marker, writeComment(shown, 60_000));
}

/** What controllers propose is merged by people some time, or closed, or left as it is. */
export function decidesProposals(stage: Stage): Watcher {
  const { world } = stage;
  return {
    proposed(_by, { number }) {
      const random = world.faults.random('proposal');
      const fate = random.pick(['merge', 'merge', 'merge', 'close', 'leave'] as const);
      if (fate === 'leave') return;
      world.schedule(world.now + random.pick([100, 5_000, 60_000]), 0, () => {
        const pull = world.forge?.pullRequest(number) ?? null;
        if (pull?.state !== 'open' || world.faults.isCalm) return;
        if (fate === 'merge' && merged(stage, pull)) return;
        world.forge?.close(number);
        world.change(`pull request ${number} is closed`);
      });
    },
  };
}

/** False: it does not fit what there is by now. */
function merged(stage: Stage, { number, headBranch }: PullRequest): boolean {
  const { world, author } = stage;
  const { repository } = world;
  const head = repository.refs.get(`refs/heads/${headBranch}`) ?? '';
  const from = repository.commits.get(head)?.parents[0] ?? null;
  const tip = (repository.refs.get(mainRef) ?? null) as Revision | null;
  const known = tip === null ? null : author.expectations.of(tip);
  if (from === null || tip === null || known === null || known.mistake !== null || author.mistake !== null)
    return false;
  const changes = [...repository.changes(from, head)].map(([path, content]) => ({ path, content }));
  if (changes.some(({ path }) => repository.fileAt(from, path) !== repository.fileAt(tip, path)))
    return false;
  const back = new Map<string, Model>();
  for (const { path, content } of changes) {
    const name = /^solutions\/(.+)\.yaml$/.exec(path)?.[1];
    const model = name === undefined ? null : writtenIn(stage, path, content);
    if (name === undefined || model === null) {
      world.violate(16, `a controller proposes ${path}, which was never like that: ${content}`);
      return true;
    }
    back.set(name, model);
  }
  if (!author.canPull(back)) return false;
  const { subject, body } = repository.commits.get(head) ?? { subject: '', body: '' };
  const message = `${subject} (#${number})\n\n${body}`;
  const to =
    from === tip
      ? (head as Revision)
      : repository.write({ parent: tip, changes, message, wallMs: wallStart + world.now });
  author.pull(to, tip, back);
  world.forge?.merge(number, to, world.now);
  world.swap(mainRef, to, null);
  stage.hint();
  return true;
}
