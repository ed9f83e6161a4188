import type { Json } from '../base/data.js';
import type { DomainName } from '../base/names.js';
import { listenerOf } from '../base/names.js';
import { isoTime } from '../base/time.js';
import type { Entry } from '../journal/entry.js';
import { solutionOf } from '../journal/entry.js';
import type { JournalRecord } from '../journal/record.js';
import { stepName } from './step.js';
import type { EventView } from './view.js';

/** A record of the journal as something that happened, in one sentence for people. */
export function eventView(domain: DomainName, record: JournalRecord): EventView {
  const entry = record.entry as Entry;
  return {
    sequence: record.sequence,
    atMs: record.wallMs,
    domain,
    solution: solutionOf(record.stream),
    kind: entry.kind,
    subject: subjectOf(entry),
    message: sentence(entry),
    data: shortened(entry) as unknown as Json,
  };
}

function subjectOf(entry: Entry): string {
  if ('instance' in entry) return entry.instance;
  if ('element' in entry) return entry.element;
  if ('target' in entry && typeof entry.target === 'string') return entry.target;
  if ('revision' in entry && typeof entry.revision === 'string') return entry.revision;
  return '';
}

/** Whole models and states do not belong in an event. */
function shortened(entry: Entry): Partial<Entry> {
  switch (entry.kind) {
    case 'rollout.planned':
      return {
        ...entry,
        targets: {},
        changes: entry.changes.map(({ element, action, reason }) => ({ element, action, reason })),
      } as never;
    case 'rollout.aborted':
    case 'rollout.reverting':
      return { ...entry, targets: {} };
    case 'step.begun':
      return { kind: entry.kind, element: entry.element, index: entry.index } as never;
    case 'solution.restored':
    case 'domain.restored':
      return { kind: entry.kind } as never;
    case 'revision.accepted':
      return { ...entry, releases: [], tip: { errors: {} } };
    case 'revision.rejected':
      return { ...entry, tip: { errors: {} } };
    case 'status.written':
      return { kind: entry.kind, commit: entry.commit } as never;
    default:
      return entry;
  }
}

function sentence(entry: Entry): string {
  switch (entry.kind) {
    case 'domain.claimed':
      return `${entry.controller} runs ${entry.domain}, epoch ${entry.epoch}`;
    case 'tip.seen':
      return `${short(entry.revision)} is the tip: ${entry.subject}`;
    case 'revision.accepted':
      return `${short(entry.revision)} is accepted${entry.scope.length > 0 ? ` and changes ${entry.scope.join(', ')}` : ' and changes nothing'}`;
    case 'revision.rejected':
      return `${short(entry.revision)} is rejected with ${entry.count} error${entry.count === 1 ? '' : 's'}`;
    case 'verdict.given':
      return `${short(entry.revision)} ${entry.solution === '*' ? '' : `(${entry.solution}) `}is ${entry.verdict}${entry.reason === null ? '' : `: ${entry.reason}`}`;
    case 'revert.begun':
      return `${entry.solutions.join(', ')} ${entry.solutions.length === 1 ? 'is' : 'are'} back: a commit is to take ${short(entry.revision)} back`;
    case 'revert.ended':
      return entry.commit === null
        ? `no commit takes ${short(entry.revision)} back: ${entry.reason ?? 'nothing asks for it any more'}`
        : `${short(entry.commit)} on ${shortRef(entry.ref)} takes ${short(entry.revision)} back${entry.reason === null ? '' : `: ${entry.reason}`}`;
    case 'hold.began':
      return `held: ${entry.hold.reason}`;
    case 'hold.ended':
      return `no longer held: ${entry.id}`;
    case 'pause.began':
      return `${entry.target === '*' ? 'everything' : entry.target} is paused by ${entry.who}${entry.untilWallMs === null ? '' : ` until ${isoTime(entry.untilWallMs)}`}: ${entry.reason}`;
    case 'pause.ended':
      return `${entry.target === '*' ? 'everything' : entry.target} is no longer paused${entry.who === null ? '' : `, by ${entry.who}`}: ${entry.reason}`;
    case 'request.answered': {
      const { verb, target, who, reason, done, message } = entry.request;
      return `${verb} ${target}, asked for on the status branch by ${who} (${reason}): ${done ? '' : 'not done: '}${message}`;
    }
    case 'domain.restored':
      return 'the memory was read from the status branch';
    case 'domain.down':
      return `everything is taken down by ${entry.who}: ${entry.reason}`;
    case 'orphan.begun':
      return `${tail(entry.instance)} is accounted for by nothing: it is taken away`;
    case 'orphan.ended':
      return `${tail(entry.instance)}: ${entry.outcome}${entry.reason === null ? '' : `: ${entry.reason}`}`;
    case 'orphan.unrouted':
      return `the listener ${listenerOf(entry.key)} is accounted for by nothing: it is let go`;
    case 'status.written':
      return `the status branch is at ${short(entry.commit)}`;
    case 'status.lost':
      return `all that the status branch should say is written anew: ${entry.reason}`;
    case 'trouble.began':
      return entry.message;
    case 'trouble.ended':
      return `over: ${entry.message}`;
    case 'rollout.planned':
      return `a rollout begins: ${entry.changes.length} change${entry.changes.length === 1 ? '' : 's'}`;
    case 'quarantine.began':
      return `something of it stays out: ${entry.reason}`;
    case 'rollout.heldBack':
      return `the rollout has failed and waits for a person, who says whether it may go back (${entry.ways}): ${entry.reason}`;
    case 'rollout.phase':
      return `the rollout is ${entry.phase}${entry.reason === null ? '' : `: ${entry.reason}`}`;
    case 'rollout.ended':
      return `the rollout has ${entry.phase}${entry.reason === null ? '' : `: ${entry.reason}`}`;
    case 'rollout.superseded':
      return `the rollout is superseded: ${entry.reason}`;
    case 'rollout.aborted':
      return `the rollout is aborted, what runs stays: ${entry.reason}`;
    case 'rollout.reverting':
      return `the rollout goes back to what was stable: ${entry.reason}`;
    case 'evidence.found':
      return `it wrote at last: ${entry.lines.at(-1) ?? ''}`;
    case 'quarantine.ended':
      return `${entry.clusters.map(({ element, cluster }) => `${element} ${cluster.split('~')[0] ?? ''}`).join(', ') || 'what failed'} may be tried again: ${entry.reason}`;
    case 'step.begun':
      return `${entry.element} begins ${stepName(entry.final, entry.index)}`;
    case 'step.ready':
      return `${entry.element} stands in its step`;
    case 'step.awaits':
      return `${entry.element} waits to be promoted`;
    case 'step.promoted':
      return `${entry.element} is promoted`;
    case 'gate.begun':
      return `gate ${entry.gate} of ${entry.element} is measured`;
    case 'gate.ended':
      return `gate ${entry.gate} of ${entry.element}: ${entry.answer === null ? 'interrupted, it is measured again' : `${entry.answer.outcome}, ${entry.answer.detail}`}`;
    case 'standby.began':
      return `${entry.element} ${entry.cluster.split('~')[0] ?? ''} stays on standby when it is replaced`;
    case 'standby.ended':
      return `${entry.element} has no standby any more: ${entry.reason}`;
    case 'track.done':
      return `${entry.element} is where it should be`;
    case 'element.whole':
      return `${entry.element} is whole with ${entry.size} instance${entry.size === 1 ? '' : 's'}`;
    case 'element.gone':
      return `${entry.element} is gone`;
    case 'element.drift':
      return entry.reason === null
        ? `${entry.element} has no drift any more`
        : `${entry.element} has drifted: ${entry.reason}`;
    case 'repair.released':
      return `${entry.element} may be repaired`;
    case 'repair.ended':
      return `${entry.element} is repaired`;
    case 'restart.began':
      return `all of ${entry.element} is restarted, one instance at a time, by ${entry.who}: ${entry.reason}`;
    case 'restart.ended':
      return `${entry.element} was restarted${entry.reason === null ? '' : `: ${entry.reason}`}`;
    case 'instance.assigned':
      return `${tail(entry.instance)} gets ${entry.runtime.port === null ? entry.runtime.address : `port ${entry.runtime.port}`}`;
    case 'instance.healthy':
      return `${tail(entry.instance)} is healthy`;
    case 'instance.draining':
      return `${tail(entry.instance)} leaves the rotation`;
    case 'instance.kept':
      return `${tail(entry.instance)} stays after all`;
    case 'instance.foreign':
      return entry.foreign
        ? `${tail(entry.instance)} belongs to another home: nothing is done to it`
        : `${tail(entry.instance)} no longer belongs to another home`;
    case 'instance.observed':
      return `${tail(entry.instance)} ${entry.reason}`;
    case 'instance.trouble':
      return entry.trouble === null
        ? `${tail(entry.instance)} gets another round of tries`
        : `${tail(entry.instance)}: ${entry.trouble.reason}`;
    case 'operation.begun':
      return `${entry.transition} ${tail(entry.instance)}`;
    case 'operation.ended':
      return `${tail(entry.instance)}: ${entry.outcome}${entry.outcome === 'done' || entry.trouble === null ? '' : `: ${entry.trouble.reason}`}`;
    case 'listener.assigned':
      return `${entry.element} listens on port ${entry.port} (${entry.binding})`;
    case 'listener.gone':
      return `${entry.element} no longer listens for ${entry.binding}`;
    case 'route.begun':
      return `${entry.element} (${entry.binding}) is to be sent to ${entry.backends.length} backend${entry.backends.length === 1 ? '' : 's'}`;
    case 'route.ended':
      return entry.failure === null
        ? `${entry.element} (${entry.binding}) is routed`
        : `${entry.element} (${entry.binding}) cannot be routed: ${entry.failure}`;
    case 'solution.restored':
      return 'its state was read from the status branch';
    case 'solution.stable':
      return `${short(entry.revision)} is stable`;
    case 'solution.down':
      return 'everything in it goes';
    case 'solution.detached':
      return `let go by ${entry.who}: ${entry.reason}`;
    case 'solution.attached':
      return `managed again, by ${entry.who}: ${entry.reason}`;
    case 'operator.acted':
      return `${entry.who}: ${entry.verb} ${entry.target} (${entry.reason})`;
  }
}

function shortRef(ref: string | null): string {
  return ref?.replace(/^refs\/heads\//, '') ?? 'no branch';
}

function short(revision: string): string {
  return revision.slice(0, 7);
}

/** `shop/api/1.1.0 #0`, without domain and generation. */
function tail(instance: string): string {
  const [, solution, element, cluster, ordinal] = instance.split('/');
  return `${solution}/${element} ${cluster?.split('~')[0]} #${ordinal}`;
}
