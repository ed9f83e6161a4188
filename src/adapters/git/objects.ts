import { type Answers, CatFile, type ObjectAnswer } from './cat-file.js';
import { oidOf } from './oid.js';
import type { GitTool } from './tool.js';

/** Objects by id, however they are read. Ids are full and checked. */
export interface ObjectReader {
  /** In the order asked; null for a missing object; without bytes where larger than `limitBytes`. */
  read(oids: readonly string[], limitBytes: number): Promise<readonly (ObjectAnswer | null)[]>;
  /** In the order asked; null for a missing blob, and for what is no blob. */
  sizes(oids: readonly string[]): Promise<readonly (number | null)[]>;
  close(): Promise<void>;
}

/** Through two long-lived children of git, each started when it is first needed. */
export function objectsOfGit(tool: GitTool): ObjectReader {
  const contents = new CatFile(() => tool.start(['cat-file', '--batch']), true);
  const headers = new CatFile(() => tool.start(['cat-file', '--batch-check']), false);
  const sizes = async (oids: readonly string[]): Promise<(number | null)[]> =>
    (await headers.ask(oids, 0)).objects.map((object) => (object?.type === 'blob' ? object.size : null));

  /** Something huge came up: from here on only what is known to be small enough is asked for. */
  async function readOn(before: Answers, oids: readonly string[], limitBytes: number) {
    const headersOf = (await headers.ask(oids, 0)).objects;
    const small = oids.filter((_, i) => (headersOf[i]?.size ?? Infinity) <= limitBytes);
    const read = (await contents.ask(small, limitBytes)).objects;
    const byOid = new Map(small.map((oid, i) => [oid, read[i] ?? null]));
    return before.objects.map((object, i) => {
      if (object !== undefined) return object;
      const oid = oids[i]!;
      return byOid.has(oid) ? byOid.get(oid)! : (headersOf[i] ?? null);
    });
  }

  return {
    async read(oids, limitBytes) {
      const answers = await contents.ask(oids, limitBytes);
      const objects = answers.interrupted ? await readOn(answers, oids, limitBytes) : answers.objects;
      return objects.map((object, i) => (object != null && isGenuine(object, oids[i]) ? object : null));
    },
    sizes,
    async close() {
      await Promise.all([contents.close(), headers.close()]);
    },
  };
}

/**
 * Git does not compare what lies under an id with that id until `git fsck`. We do: what is read is kept under its id,
 * and would still be believed after the repository was mended.
 */
function isGenuine({ type, bytes }: ObjectAnswer, oid: string | undefined): boolean {
  return bytes === null || oidOf(type, bytes) === oid;
}
