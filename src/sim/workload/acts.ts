import { Random } from '../random.js';
import { wallStart } from '../clock.js';
import { mainRef, statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Revision } from '../../core/base/names.js';
import { operate } from './acts-operator.js';
import { strikeProcess } from './acts-process.js';
import { touchWorld } from './acts-world.js';
import type { Expectation } from './expectations.js';
import { cameBy } from './pull-requests.js';
import type { Act } from './script.js';

/** Commits what the author has before him, on top of the branch or on a commit before its tip. */
export function publish(stage: Stage, subject: string, parent = tipOf(stage)): void {
  const { world, author } = stage;
  const revision = world.repository.commit(author.files(), parent, subject, wallStart + world.now);
  author.committed(revision, parent);
  cameBy(stage, revision, subject);
  world.swap(mainRef, revision, null);
  stage.hint();
}

/** Does one act, or nothing where it has no sense; what it draws comes from its own seed. */
export function perform(stage: Stage, act: Act): void {
  const random = new Random(act.seed);
  const [who] = act.kind.split('.');
  if (who === 'commit') commit(stage, act, random);
  else if (who === 'world') touchWorld(stage, act.kind, random);
  else if (who === 'operator') operate(stage, act.kind, random);
  else strikeProcess(stage, act.kind, random);
}

function commit(stage: Stage, act: Act, random: Random): void {
  const { author } = stage;
  if (act.kind === 'commit.revert') return revert(stage, random);
  if (act.kind === 'commit.restore') return restore(stage, random);
  if (act.kind === 'commit.force') return force(stage, random);
  if (act.kind === 'commit.bad') return bad(stage, random);
  const done =
    act.kind === 'commit.invalid' ? author.spoil(random, releasedIn(stage)) : author.edit(act.kind, random);
  if (done) publish(stage, act.kind.slice('commit.'.length));
}

/** An upgrade to a release that never turns healthy, or of which gates alone find out what is wrong with it. */
function bad(stage: Stage, random: Random): void {
  const { author, world } = stage;
  const before = author.model;
  const { badReleases, uselessReleases } = world.technology;
  const hows = random.chance(0.3) ? uselessReleases : badReleases;
  if (!author.edit('commit.upgrade', random)) return;
  for (const [key, { version }] of author.model.elements) {
    const was = before.elements.get(key);
    if (was !== undefined && was.version !== version) hows.add(`${key}/${version}`);
  }
  publish(stage, 'bad');
}

function tipOf(stage: Stage): Revision | null {
  return (stage.world.repository.refs.get(mainRef) ?? null) as Revision | null;
}

/** What people know of the tip and of the commits before it, newest first. */
function past(stage: Stage): Expectation[] {
  const tip = tipOf(stage);
  if (tip === null) return [];
  return [...stage.world.repository.firstParents(tip)].flatMap(
    ({ oid }) => stage.author.expectations.of(oid) ?? [],
  );
}

/** `git revert` of the last commit, or of an older one that can be taken out by itself. */
function revert(stage: Stage, random: Random): void {
  const { author } = stage;
  const commits = past(stage).slice(0, 6);
  const older = random.chance(0.3) ? random.between(1, 4) : 0;
  const [what, before] = commits.slice(older, older + 2);
  if (what === undefined || before === undefined || before.mistake !== null) return;
  if (older === 0) author.goTo(before, what.revision);
  else if (what.mistake !== null || author.mistake !== null || !author.undo(what, before)) return;
  publish(stage, `Revert ${what.revision.slice(0, 7)}`);
}

/** `heliostat revert`: one solution as it was in an earlier commit, and what came since in all others. */
function restore(stage: Stage, random: Random): void {
  const { author } = stage;
  const [what, ...older] = past(stage).slice(0, 6);
  const sound = older.filter(({ mistake }) => mistake === null);
  if (what === undefined || author.mistake !== null || sound.length === 0) return;
  const to = random.pick(sound);
  const names = [...new Set([...to.model.elements.values()].map(({ solution }) => solution))].sort();
  if (names.length === 0 || !author.restore(random.pick(names), to)) return;
  publish(stage, `Restore ${to.revision.slice(0, 7)}`);
}

/** The branch is forced to a commit before its tip, or to another that follows such a one. */
function force(stage: Stage, random: Random): void {
  const { author, world } = stage;
  const [, ...older] = past(stage).slice(0, 4);
  const good = older.filter(({ mistake }) => mistake === null);
  if (good.length === 0) return;
  const target = random.pick(good);
  author.goTo(target, null);
  world.faults.count('branch.forced');
  if (random.chance(0.5) && author.edit('commit.several', random))
    return publish(stage, 'another history', target.revision);
  world.swap(mainRef, target.revision, null);
  stage.hint();
}

/** Releases that stand in the ledger on the status branch, which nothing that happens here can take back. */
function releasedIn(stage: Stage): string[] {
  const { repository } = stage.world;
  const tip = repository.refs.get(statusRef);
  if (tip === undefined) return [];
  return [...stage.author.model.releases].flatMap(([key, { component, version }]) => {
    const ledger = repository.fileAt(tip, `prod/releases/${component.name}.yaml`);
    return ledger?.includes(version) === true ? [key] : [];
  });
}
