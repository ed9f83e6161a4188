/** Simulated code reached for something that would differ from run to run. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

export interface Guard {
  /** From here on whoever uses the real world is refused, and remembered. */
  up(): void;
  /** The world is as it was. Gives what was refused or went unheard, if anything: the first of it. */
  down(): Promise<Error | null>;
}

/** The real ones, taken before any guard is up. */
const { setImmediate: realSetImmediate } = globalThis;

const clock = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'] as const;

/** One for a thread: what it forbids is forbidden to all code of this thread. */
export function createGuard(): Guard {
  let first: Error | null = null;
  let restore: (() => void)[] = [];

  const refuse = (name: string): never => {
    const error = new Forbidden(`${name} was used in simulated code`);
    first ??= error;
    throw error;
  };
  const unheard = (reason: unknown): void => {
    first ??= reason instanceof Error ? reason : new Error(`a promise broke unheard: ${String(reason)}`);
  };
  const put = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void => {
    const before = Object.getOwnPropertyDescriptor(target, key);
    Object.defineProperty(target, key, { value, configurable: true, writable: true });
    restore.push(() => {
      if (before === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, before);
    });
  };

  return {
    up() {
      first = null;
      restore = [];
      for (const name of clock) put(globalThis, name, (() => refuse(name)) as never);
      put(globalThis, 'Date', forbiddenDate(refuse));
      put(Math, 'random', () => refuse('Math.random'));
      put(performance, 'now', () => refuse('performance.now'));
      put(crypto, 'getRandomValues', () => refuse('crypto.getRandomValues'));
      put(crypto, 'randomUUID', () => refuse('crypto.randomUUID'));
      put(
        process,
        'hrtime',
        forbiddenFunction(process.hrtime, () => refuse('process.hrtime')),
      );
      process.on('unhandledRejection', unheard);
    },
    async down() {
      // Node tells of promises that broke unheard only after a turn of its loop.
      await new Promise((resolve) => realSetImmediate(resolve));
      for (const undo of restore.reverse()) undo();
      restore = [];
      process.off('unhandledRejection', unheard);
      return first;
    },
  };
}

function forbiddenDate(refuse: (name: string) => never): DateConstructor {
  return new Proxy(Date, {
    construct: () => refuse('Date'),
    apply: () => refuse('Date'),
    get: (target, key) => (key === 'now' ? () => refuse('Date.now') : (Reflect.get(target, key) as unknown)),
  });
}

function forbiddenFunction<T extends object>(real: T, refuse: () => never): T {
  return new Proxy(real, { apply: refuse, get: refuse });
}
