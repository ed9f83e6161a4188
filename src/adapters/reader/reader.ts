import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { unreadable, type LocatedDocument } from '../../core/model/document.js';
import { fatalMistake } from '../../core/model/fatal.js';
import type { Cancel } from '../../ports/clock.js';
import type { ReadRequest, Reader } from '../../ports/reader.js';
import { ReaderChild, type ChildOptions } from './child.js';
import { DocumentMemory } from './memory.js';
import { AnswerStore } from './store.js';

export interface ReaderOptions {
  /** The bundled program of `src/entry/reader`, run as a child when the first text comes that is in no cache. */
  readonly program: string;
  /** For answers that outlive this process; null: none do. */
  readonly cacheFolder: string | null;
  /** For `node`, before the program. */
  readonly execArguments?: readonly string[];
  /** For one text. */
  readonly deadlineMs?: number;
  /** Of the child's heap. */
  readonly memoryMb?: number;
  /** Of each of the two files of the cache; in memory as much is kept. */
  readonly cacheBytes?: number;
  /** After so long without a text the child is ended, and started again when one comes. */
  readonly idleMs?: number;
}

export interface ReaderCounters {
  /** Texts that the child was given. */
  readonly parsed: number;
  /** Texts answered from memory or disk. */
  readonly cached: number;
  /** Children started so far. */
  readonly started: number;
}

export interface CountingReader extends Reader {
  counters(): ReaderCounters;
}

/** @throws (rejects) where the child cannot be started, or the read was cancelled. */
export function createReader(options: ReaderOptions): CountingReader {
  return new ChildReader(options);
}

const megabyte = 1_048_576;

class ChildReader implements CountingReader {
  readonly #options: ReaderOptions;
  readonly #childOptions: ChildOptions;
  readonly #memory: DocumentMemory;
  #store: AnswerStore | null = null;
  #child: ReaderChild | null = null;
  /** One batch at a time, so that a death has one culprit. */
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #counters = { parsed: 0, cached: 0, started: 0 };

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#memory = new DocumentMemory(options.cacheBytes ?? 32 * megabyte);
    this.#childOptions = {
      program: options.program,
      execArguments: options.execArguments ?? [],
      deadlineMs: options.deadlineMs ?? 2000,
      memoryMb: options.memoryMb ?? 256,
    };
  }

  async read(texts: readonly ReadRequest[], cancel: Cancel): Promise<readonly LocatedDocument[]> {
    const documents = texts.map((text) => this.#cached(text.oid));
    if (documents.every((document) => document !== null)) return documents;
    const work = this.#turn.then(() => this.#readRest(texts, documents, cancel));
    this.#turn = work.catch(() => {});
    return work;
  }

  counters(): ReaderCounters {
    return { ...this.#counters };
  }

  async close(): Promise<void> {
    await this.#turn;
    clearTimeout(this.#idle);
    this.#child?.stop();
    this.#child = null;
    this.#store?.close();
    this.#store = null;
  }

  #cached(oid: string | null): LocatedDocument | null {
    if (oid === null) return null;
    const known = this.#memory.get(oid) ?? this.#stored(oid);
    if (known !== null) this.#counters.cached++;
    return known;
  }

  #stored(oid: string): LocatedDocument | null {
    const answer = this.#opened()?.get(oid) ?? null;
    if (answer === null) return null;
    const document = JSON.parse(answer) as LocatedDocument;
    this.#memory.set(oid, document, answer.length);
    return document;
  }

  #opened(): AnswerStore | null {
    const { program, cacheFolder, cacheBytes } = this.#options;
    if (this.#store !== null || cacheFolder === null) return this.#store;
    // What another program answers may be another thing: even a change of limits is a change of the program.
    const version = createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 16);
    this.#store = new AnswerStore(cacheFolder, version, cacheBytes ?? 32 * megabyte);
    return this.#store;
  }

  /** Fills in what no cache knew, each blob once. */
  async #readRest(
    texts: readonly ReadRequest[],
    known: readonly (LocatedDocument | null)[],
    cancel: Cancel,
  ): Promise<readonly LocatedDocument[]> {
    // Another batch may have read some of it in the meantime.
    const done = texts.map(({ oid }, index) => known[index] ?? (oid === null ? null : this.#memory.get(oid)));
    const wanted = new Map<string, ReadRequest>();
    texts.forEach((text, index) => {
      if (done[index] === null) wanted.set(keyOf(text, index), text);
    });
    const read = await this.#readAll([...wanted.values()], cancel);
    const fresh = new Map([...wanted.keys()].map((key, index) => [key, read[index] as LocatedDocument]));
    return texts.map((text, index) => done[index] ?? (fresh.get(keyOf(text, index)) as LocatedDocument));
  }

  async #readAll(texts: readonly ReadRequest[], cancel: Cancel): Promise<LocatedDocument[]> {
    clearTimeout(this.#idle);
    const documents: LocatedDocument[] = [];
    const unsubscribe = cancel.onCancel(() => this.#child?.stop());
    const toStore: [string, string][] = [];
    try {
      while (documents.length < texts.length) {
        if (cancel.cancelled) throw new Error('Reading the model was cancelled');
        documents.push(...(await this.#advance(texts.slice(documents.length), cancel, toStore)));
      }
      return documents;
    } finally {
      unsubscribe();
      if (toStore.length > 0) this.#opened()?.put(toStore);
      this.#idle = setTimeout(() => this.#child?.stop(), this.#options.idleMs ?? 300_000).unref();
    }
  }

  /** As far as one child gets; when it dies of a text, that one is tried alone, and blamed if it kills again. */
  async #advance(
    texts: readonly ReadRequest[],
    cancel: Cancel,
    toStore: [string, string][],
  ): Promise<LocatedDocument[]> {
    const child = await this.#ready();
    if (cancel.cancelled) return [];
    const before = child.answered;
    const { answers, end } = await child.read(texts.map((text) => text.bytes));
    const documents = answers.map((answer, index) =>
      this.#accept(texts[index] as ReadRequest, answer, toStore),
    );
    const suspect = texts[answers.length];
    if (end === 'done' || end === 'stopped' || suspect === undefined) return documents;
    // A fresh process that was too slow for its first text needs no second trial: that would double the wait.
    const alone = end === 'slow' && before === 0 && answers.length === 0;
    return [...documents, ...(alone ? [this.#blame(suspect, end)] : await this.#tryAlone(suspect, toStore))];
  }

  async #tryAlone(suspect: ReadRequest, toStore: [string, string][]): Promise<LocatedDocument[]> {
    const child = await this.#ready();
    const { answers, end } = await child.read([suspect.bytes]);
    const [answer] = answers;
    if (answer !== undefined) return [this.#accept(suspect, answer, toStore)];
    return end === 'died' || end === 'slow' ? [this.#blame(suspect, end)] : [];
  }

  #accept(text: ReadRequest, answer: string, toStore: [string, string][]): LocatedDocument {
    this.#counters.parsed++;
    const document = JSON.parse(answer) as LocatedDocument;
    if (text.oid !== null) {
      this.#memory.set(text.oid, document, answer.length);
      if (answer.length <= 2 * megabyte) toStore.push([text.oid, answer]);
    }
    return document;
  }

  /** Kept in memory only: a machine under load should not condemn a text for ever. */
  #blame(text: ReadRequest, end: 'died' | 'slow'): LocatedDocument {
    this.#counters.parsed++;
    const how =
      end === 'slow'
        ? `took longer than ${this.#childOptions.deadlineMs} ms to read`
        : 'broke the process that read it';
    const problem = {
      ...fatalMistake(`the file ${how}`),
      severity: 'error',
      file: '',
      line: 0,
      column: 0,
    } as const;
    const document = unreadable([problem]);
    if (text.oid !== null) this.#memory.set(text.oid, document, 1000);
    return document;
  }

  async #ready(): Promise<ReaderChild> {
    if (this.#child !== null && !this.#child.ended) return this.#child;
    this.#child = new ReaderChild(this.#childOptions);
    this.#counters.started++;
    await this.#child.start();
    return this.#child;
  }
}

/** Texts without a blob id are all different. */
function keyOf(text: ReadRequest, index: number): string {
  return text.oid ?? `#${index}`;
}
