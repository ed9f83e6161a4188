import { fromUtf8 } from '../../core/base/bytes.js';
import { decodeState, encodeState, foldRecord, type State } from '../../core/journal/fold.js';
import type { Entry } from '../../core/journal/entry.js';
import { decodeBatch, encodeBatch, type JournalRecord } from '../../core/journal/record.js';
import { recover, type Recovered } from '../../core/journal/recovery.js';
import { stateFrom } from '../../engine/boot.js';
import type { CarriedJournal } from '../carried-journal.js';
import type { Life } from '../life.js';
import type { Machine } from '../machine.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** What is known of one life: its state when it began, a shadow that followed, and what it followed. */
interface Followed {
  readonly begin: Uint8Array;
  readonly sequences: ReadonlyMap<string, number>;
  readonly shadow: State;
  readonly records: JournalRecord[];
  readonly clears: number;
}

/** 17. State is what the journal says, at any time and from its first byte; what was synced is never lost. */
export function replay(stage: Stage): Watcher {
  const { world } = stage;
  const lives = new Map<Life, Followed>();
  const wrong = (incarnation: Life, what: string): void =>
    world.violate(17, `${what} (incarnation ${incarnation.number})`);
  const check = (incarnation: Life): void => {
    const life = lives.get(incarnation);
    const state = incarnation.engine?.core.state;
    if (life === undefined || state === undefined) return;
    const live = encodeState(state);
    const difference = firstDifference(live, encodeState(life.shadow));
    if (difference !== null) return wrong(incarnation, `the shadow is not the state: ${difference}`);
    const { carried } = incarnation.machine;
    const kept =
      carried === null ? checkDisk(incarnation.machine, life) : checkCarried(incarnation, carried, life);
    if (kept !== null) wrong(incarnation, kept);
  };
  return {
    booted(incarnation) {
      const { engine, machine } = incarnation;
      if (engine === null) return;
      const { state, journal } = engine.core;
      // A flipped bit that was taken for the end of the journal would lose what came after it.
      const lost = firstMissing(machine, (stream) => journal.sequence(stream));
      // Where it is carried, another may carry on until this one has the claim.
      const isHeld = machine.carried === null || engine.core.branch.isClaimed;
      if (lost !== null && isHeld) wrong(incarnation, `it began without ${lost}`);
      const begin = encodeState(state);
      lives.set(incarnation, {
        begin,
        sequences: new Map([...machine.journal.sequences]),
        shadow: decoded(begin),
        records: [],
        clears: machine.disk.clears,
      });
    },
    called(incarnation, { port }) {
      // Before anybody can take it away: what is safe now.
      if (port === 'disk' || port === 'provider') incarnation.machine.journal.refresh();
    },
    recorded(incarnation, record) {
      const life = lives.get(incarnation);
      if (life === undefined) return;
      const copy = copied(record);
      if (copy === null)
        return wrong(incarnation, `record ${record.sequence} of ${record.stream} is no batch`);
      life.records.push(copy);
      foldRecord(life.shadow, copy);
      const lost = isClaim(record) ? lostBy(incarnation) : null;
      if (lost !== null) wrong(incarnation, `it goes on without ${lost}`);
    },
    died(incarnation) {
      check(incarnation);
      lives.delete(incarnation);
    },
    ended() {
      for (const incarnation of lives.keys()) check(incarnation);
    },
  };
}

function isClaim({ entry }: JournalRecord): boolean {
  return (entry as Entry).kind === 'domain.claimed';
}

/** What was carried to the status branch until it had the claim, and it does not know. */
function lostBy({ engine, machine }: Life): string | null {
  if (engine === null || machine.carried === null) return null;
  machine.carried.refresh();
  return firstMissing(machine, (stream) => engine.core.journal.sequence(stream));
}

function decoded(bytes: Uint8Array): State {
  const state = decodeState(bytes);
  if (state === null) throw new Error('what was just encoded cannot be read');
  return state;
}

function copied(record: JournalRecord): JournalRecord | null {
  const batch = decodeBatch(JSON.parse(encodeBatch(record, [record])));
  return Array.isArray(batch) ? (batch[0] ?? null) : null;
}

/** What a new start would find, against what was safe and what was said. */
function checkDisk(machine: Machine, life: Followed): string | null {
  const { disk } = machine;
  // Somebody took it away, or reached into it, under the controller.
  if (disk.clears !== life.clears || disk.flips > 0) return null;
  const recovered = recover(journalFiles(machine));
  if (!recovered.ok) return `its journal cannot be read any more: ${recovered.problem.message}`;
  const { sequences } = recovered.position;
  const lost = firstMissing(machine, (stream) => sequences.get(stream) ?? 0);
  if (lost !== null) return `after its end the journal lacks ${lost}, which was synced`;
  // What stood in the journal when it began may not have been durable yet.
  for (const [stream, sequence] of life.sequences) if ((sequences.get(stream) ?? 0) < sequence) return null;
  return compareFold(recovered, life);
}

/** The same, where the next start will be on another machine. */
function checkCarried({ engine }: Life, carried: CarriedJournal, life: Followed): string | null {
  // Another has gone on meanwhile, or this one has done nothing yet.
  const epoch = engine?.core.branch.epoch ?? 0;
  if (epoch === 0 || carried.epoch !== epoch) return null;
  const files = carried.files();
  const recovered = files === null ? null : recover(files);
  if (recovered?.ok !== true) return 'what was carried to the status branch is no journal';
  return compareFold(recovered, life);
}

function compareFold(recovered: Extract<Recovered, { ok: true }>, life: Followed): string | null {
  const { sequences } = recovered.position;
  const kept = life.records.filter(({ stream, sequence }) => sequence <= (sequences.get(stream) ?? 0));
  if (kept.length < life.records.length && kept.some((record, i) => record !== life.records[i]))
    return 'the journal keeps a record without one before it';
  const folded = stateFrom(life.shadow.domain.name, recovered);
  if (folded === null) return 'the snapshot cannot be read';
  const expected = kept.length === life.records.length ? life.shadow : decoded(life.begin);
  if (expected !== life.shadow) for (const record of kept) foldRecord(expected, record);
  if (kept.length === 0) return null;
  const difference = firstDifference(encodeState(folded), encodeState(expected));
  return difference === null ? null : `the fold of the journal is not the state: ${difference}`;
}

function firstMissing({ journal }: Machine, found: (stream: string) => number): string | null {
  for (const [stream, sequence] of journal.sequences)
    if (found(stream) < sequence) return `record ${found(stream) + 1} of ${stream}`;
  return null;
}

function journalFiles({ disk }: Machine): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of disk.contents())
    if (name.startsWith('journal/')) files.set(name.slice('journal/'.length), bytes);
  return files;
}

/** Where two encodings part, with some of what stands there. */
export function firstDifference(a: Uint8Array, b: Uint8Array): string | null {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  if (at === a.length && at === b.length) return null;
  const around = (bytes: Uint8Array): string =>
    fromUtf8(bytes.slice(Math.max(0, at - 60), at + 60)) ?? `byte ${at}`;
  return `…${around(a)}… against …${around(b)}…`;
}
