import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../../src/adapters/forge/parts/answers.js';
import {
  writeComment,
  type Comments,
  type FoundComment,
} from '../../../../src/adapters/forge/parts/comments.js';
import { Patience, paceOf } from '../../../../src/adapters/forge/parts/patience.js';
import { safe } from '../../../../src/core/base/safe-text.js';

const marker = '<!-- m -->';

/** A pull request whose comments are read and written in single, numbered steps. */
class Board {
  readonly comments: FoundComment[] = [];
  private readonly waiting = new Map<string, () => void>();

  /** As one writer sees it: each request waits until it is let. */
  seenBy(writer: string): Comments {
    const step = async <T>(act: () => T): Promise<T> => {
      await new Promise<void>((resolve) => this.waiting.set(writer, resolve));
      return act();
    };
    return {
      list: () => step(() => [...this.comments]),
      create: (body) =>
        step(() => {
          const made = {
            id: this.comments.length + this.deleted + 1,
            url: '',
            body,
            isOurs: true,
            trusted: null,
          };
          this.comments.push(made);
          return made;
        }),
      update: (id, body) =>
        step(() => {
          const index = this.indexOf(id);
          return (this.comments[index] = { id, url: '', body, isOurs: true, trusted: null });
        }),
      remove: (id) =>
        step(() => {
          this.comments.splice(this.indexOf(id), 1);
          this.deleted++;
        }),
    };
  }

  /** Lets the request of that writer through; false: it has none under way. */
  async let(writer: string): Promise<boolean> {
    const go = this.waiting.get(writer);
    if (go === undefined) return false;
    this.waiting.delete(writer);
    go();
    await settled();
    return true;
  }

  private deleted = 0;

  private indexOf(id: number): number {
    const index = this.comments.findIndex((one) => one.id === id);
    if (index < 0) throw new Refusal('forge.notFound', safe('gone'), safe(''), 404);
    return index;
  }
}

/** All that follows from what was let has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Every order in which two writers can take turns, up to so many steps. */
function* orders(steps: number, order: string[] = []): Generator<readonly string[]> {
  if (order.length === steps) return yield order;
  for (const writer of ['a', 'b']) yield* orders(steps, [...order, writer]);
}

async function play(order: readonly string[], writers: readonly string[]): Promise<Board> {
  const board = new Board();
  const patience = new Patience(paceOf());
  const written = writers.map((writer) =>
    writeComment(board.seenBy(writer), { marker, body: `${marker}\n${writer}` }, patience),
  );
  await settled();
  for (const writer of order) await board.let(writer);
  // Whatever is left is done by turns.
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const writer of writers) isBusy = (await board.let(writer)) || isBusy;
  }
  await Promise.all(written);
  patience.end();
  return board;
}

describe('one comment by writers who do not know of each other', () => {
  it('is left in every order of their requests, and says what one of them said', async () => {
    let played = 0;
    for (const order of orders(8)) {
      const board = await play(order, ['a', 'b']);
      played++;
      expect([order.join(''), board.comments.length]).toEqual([order.join(''), 1]);
      expect(board.comments[0]?.body).toMatch(/^<!-- m -->\n[ab]$/);
    }
    expect(played).toBe(256);
  });

  it('is left by three as well', async () => {
    const writers = ['a', 'b', 'c'];
    for (let seed = 1; seed <= 200; seed++) {
      let state = seed * 7_919;
      const order = Array.from({ length: 14 }, () => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return writers[(state >> 8) % 3] ?? 'a';
      });
      const board = await play(order, writers);
      expect([seed, board.comments.length]).toEqual([seed, 1]);
    }
  });
});

describe('the one comment', () => {
  it('that somebody deletes between our look and our write is made anew', async () => {
    const comments: FoundComment[] = [
      { id: 1, url: '', body: `${marker}\nold`, isOurs: true, trusted: null },
    ];
    const patience = new Patience(paceOf());
    const board: Comments = {
      list: () => Promise.resolve([...comments]),
      create: (body) => {
        const made = { id: 2, url: '', body, isOurs: true, trusted: null };
        comments.push(made);
        return Promise.resolve(made);
      },
      update: () => {
        comments.length = 0;
        return Promise.reject(new Refusal('forge.notFound', safe('gone'), safe(''), 404));
      },
      remove: () => Promise.reject(new Error('there is nothing to remove')),
    };
    await writeComment(board, { marker, body: `${marker}\nnew` }, patience);
    patience.end();
    expect(comments.map(({ body }) => body)).toEqual([`${marker}\nnew`]);
  });

  it('is the same with other line ends: a forge may keep them as it likes', async () => {
    const patience = new Patience(paceOf());
    const no = () => Promise.reject(new Error('nothing is written'));
    const kept = { id: 1, url: '', body: `${marker}\r\nplan\r\n`, isOurs: true, trusted: null };
    const board: Comments = { list: () => Promise.resolve([kept]), create: no, update: no, remove: no };
    const written = await writeComment(board, { marker, body: `${marker}\nplan` }, patience);
    patience.end();
    expect(written).toBe(kept);
  });
});
