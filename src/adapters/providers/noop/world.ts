import type { Digest } from '../../../core/base/digest.js';
import type { InstanceId, OwnerKey } from '../../../core/base/names.js';
import { lineFile } from './line-file.js';

/** Something that the provider pretends to run. */
export interface Thing {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly home: string;
  readonly state: 'inactive' | 'active';
  readonly health: 'good' | 'bad' | 'unknown';
  readonly digest: Digest | null;
}

type Change = Thing | { readonly gone: OwnerKey };

/**
 * All things, by owner key, kept in one file to which each change is appended. Whoever else appends
 * to that file, or removes it, changes the world behind our back.
 */
export interface World {
  /** With everything that the file holds now. */
  things(): ReadonlyMap<string, Thing>;
  /** Settles when the file holds the change; changes of one turn of the event loop are written together. */
  put(thing: Thing): Promise<void>;
  remove(owner: OwnerKey): Promise<void>;
  /** The owner keys whose things were changed by somebody else since the last call. */
  strangeChanges(): readonly string[];
}

/** A file with this many more lines than things is written anew. */
const wasteLimit = 10_000;

export function openWorld(file: string): World {
  const log = lineFile(file);
  const things = new Map<string, Thing>();
  const strange = new Set<string>();
  let lineCount = 0;

  function fold(change: Change): void {
    lineCount++;
    if ('gone' in change) things.delete(change.gone);
    else things.set(change.owner, change);
  }

  function catchUp(): void {
    const { anew, lines } = log.news();
    if (anew) {
      for (const owner of things.keys()) strange.add(owner);
      things.clear();
      lineCount = 0;
    }
    for (const line of lines) {
      const change = parsed(line);
      if (change === null) continue;
      fold(change);
      strange.add('gone' in change ? change.gone : change.owner);
    }
  }

  function writeDown(changes: readonly Change[]): void {
    catchUp();
    log.append(changes.map((change) => JSON.stringify(change)));
    changes.forEach(fold);
    if (lineCount <= things.size * 4 + wasteLimit) return;
    log.replace([...things.values()].map((thing) => JSON.stringify(thing)));
    lineCount = things.size;
  }

  const change = grouped(writeDown);
  return {
    things() {
      catchUp();
      return things;
    },
    put: change,
    remove: (owner) => change({ gone: owner }),
    strangeChanges() {
      catchUp();
      const owners = [...strange];
      strange.clear();
      return owners;
    },
  };
}

/** Hands over together what was asked for in one turn of the event loop. */
function grouped(writeDown: (changes: readonly Change[]) => void): (change: Change) => Promise<void> {
  let waiting: { readonly change: Change; readonly settle: (error: unknown) => void }[] = [];

  function flush(): void {
    const batch = waiting;
    waiting = [];
    let failure: unknown = null;
    try {
      writeDown(batch.map((one) => one.change));
    } catch (error) {
      failure = error;
    }
    for (const one of batch) one.settle(failure);
  }

  return (change) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      const settle = (error: unknown): void => (error === null ? resolve() : reject(error as Error));
      waiting.push({ change, settle });
    });
}

function parsed(line: string): Change | null {
  if (line === '') return null;
  try {
    const value = JSON.parse(line) as Partial<Thing> & { readonly gone?: OwnerKey };
    if (typeof value.gone === 'string') return { gone: value.gone };
    return typeof value.owner === 'string' && typeof value.id === 'string' ? (value as Thing) : null;
  } catch {
    return null;
  }
}
