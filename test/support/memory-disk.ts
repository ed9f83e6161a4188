import { DiskError, type Disk } from '../../src/ports/disk.js';

type Verb = 'append' | 'sync' | 'read' | 'replace' | 'truncate' | 'list' | 'remove';

export interface MemoryDiskOptions {
  /** What the disk holds at first, all of it durable; or what a killed process left, as `kill` gives it. */
  readonly files?: ReadonlyMap<string, Uint8Array | StoredFile>;
  /** In [0, 1): decides what a crash keeps. */
  readonly random?: () => number;
  /** The reason why this call fails, or null. A failed append leaves a part of its bytes. */
  readonly fault?: (verb: Verb, file: string) => DiskError['reason'] | null;
  /** Calls wait for `step` instead of being done at once. */
  readonly manual?: boolean;
}

export interface MemoryDisk extends Disk {
  /** Calls that wait for `step`. */
  readonly waiting: number;
  /** Does the oldest waiting call. */
  step(): void;
  /**
   * What is found after a crash at this moment: of each file what was synced, and of what was done
   * since a beginning of any length, the last append possibly in part. This disk answers no more.
   */
  crash(): ReadonlyMap<string, Uint8Array>;
  /**
   * The process dies and the machine lives: all that was done is readable, and what was not synced is
   * durable no more than before. This disk answers no more.
   */
  kill(): ReadonlyMap<string, StoredFile>;
  /** What is readable now. */
  contents(): ReadonlyMap<string, Uint8Array>;
  /** What would be left if power was lost now and nothing unsynced was kept. */
  durable(): ReadonlyMap<string, Uint8Array>;
  /** Calls so far, in order: `sync journal/journal.1`. */
  readonly calls: readonly string[];
}

/** A change of one file that is not durable yet. Null content: the file is gone. */
type Change = (before: Uint8Array | null, share: number) => Uint8Array | null;

export interface StoredFile {
  durable: Uint8Array | null;
  pending: Change[];
  /** A sync failed: as on Linux, the next one succeeds and writes nothing. A new file in its place is well. */
  doomed: boolean;
}

/** What a call may have done although it failed, or although a crash came before its answer. */
interface Partly {
  readonly failed: () => void;
  readonly crashed: () => void;
}

const nothing: Partly = { failed: () => undefined, crashed: () => undefined };

/** A disk in memory with the crash semantics of a file system. */
export function memoryDisk(options: MemoryDiskOptions = {}): MemoryDisk {
  const random = options.random ?? (() => 0.5);
  const files = new Map<string, StoredFile>();
  for (const [name, found] of options.files ?? []) {
    files.set(name, 'pending' in found ? found : { durable: found, pending: [], doomed: false });
  }
  const queue: { run: () => void; crashed: () => void }[] = [];
  const calls: string[] = [];
  let dead = false;

  const fileOf = (name: string): StoredFile => {
    const file = files.get(name) ?? { durable: null, pending: [], doomed: false };
    files.set(name, file);
    return file;
  };
  const now = (name: string): Uint8Array | null => {
    const file = files.get(name);
    return file === undefined ? null : file.pending.reduce((bytes, change) => change(bytes, 1), file.durable);
  };
  const change = (name: string, next: Change): void => void fileOf(name).pending.push(next);
  const settle = (name: string): void => {
    const file = fileOf(name);
    file.durable = now(name);
    file.pending = [];
  };

  function call<T>(verb: Verb, name: string, work: () => T, partly: Partly = nothing): Promise<T> {
    calls.push(`${verb} ${name}`);
    return new Promise<T>((resolve, reject) => {
      const run = () => {
        const reason = options.fault?.(verb, name) ?? null;
        if (reason === null) return resolve(work());
        partly.failed();
        reject(new DiskError(reason, `${verb} ${name} failed`));
      };
      if (dead) return;
      if (options.manual) queue.push({ run, crashed: partly.crashed });
      else run();
    });
  }

  const die = (): void => {
    dead = true;
    // The call that was under way may have left something too.
    if (random() < 0.5) queue[0]?.crashed();
  };

  return {
    get waiting() {
      return queue.length;
    },
    calls,
    step: () => queue.shift()?.run(),
    append(name, bytes) {
      const copy = bytes.slice();
      const part = () =>
        change(name, (before, share) => joined(before, copy.subarray(0, copy.length * share)));
      const torn = () => {
        const kept = copy.subarray(0, Math.floor(copy.length * random()));
        change(name, (before, share) => joined(before, kept.subarray(0, kept.length * share)));
      };
      return call('append', name, part, { failed: torn, crashed: part });
    },
    sync(name) {
      const work = () => {
        if (!fileOf(name).doomed) settle(name);
      };
      return call('sync', name, work, { failed: () => void (fileOf(name).doomed = true), crashed: work });
    },
    read: (name) => call('read', name, () => now(name)?.slice() ?? null),
    replace(name, bytes) {
      const copy = bytes.slice();
      const swap: Change = (before, share) => (share === 1 ? copy : before);
      const work = () => {
        change(name, swap);
        settle(name);
        fileOf(name).doomed = false;
      };
      // The rename was done, and the sync of the folder was not.
      const renamed = () => change(name, swap);
      return call('replace', name, work, { failed: renamed, crashed: renamed });
    },
    truncate: (name, length) =>
      call('truncate', name, () => change(name, (before) => (before ?? new Uint8Array()).slice(0, length))),
    list: (folder) =>
      call('list', folder, () => {
        const names = [...files.keys()].filter((name) => name.startsWith(`${folder}/`) && now(name) !== null);
        return names.map((name) => name.slice(folder.length + 1)).sort();
      }),
    remove: (name) =>
      call('remove', name, () => change(name, (before, share) => (share === 1 ? null : before))),
    contents: () => new Map([...files.keys()].flatMap((name) => entry(name, now(name)))),
    durable: () => new Map([...files].flatMap(([name, file]) => entry(name, file.durable))),
    kill() {
      die();
      return files;
    },
    crash() {
      die();
      return new Map([...files].flatMap(([name, file]) => entry(name, survivor(file, random))));
    },
  };
}

function entry(name: string, bytes: Uint8Array | null): [string, Uint8Array][] {
  return bytes === null ? [] : [[name, bytes]];
}

function survivor({ durable, pending }: StoredFile, random: () => number): Uint8Array | null {
  const whole = Math.floor(random() * (pending.length + 1));
  const bytes = pending.slice(0, whole).reduce((before, change) => change(before, 1), durable);
  const torn = pending[whole];
  return torn === undefined ? bytes : torn(bytes, random());
}

function joined(before: Uint8Array | null, more: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((before?.length ?? 0) + more.length);
  bytes.set(before ?? []);
  bytes.set(more, before?.length ?? 0);
  return bytes;
}
