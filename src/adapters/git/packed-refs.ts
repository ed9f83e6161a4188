import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from '../../ports/repository.js';
import { isAbsent } from './failure.js';
import { isOid } from './oid.js';

/** References that Git has gathered in one file; parsed anew only when that file was replaced. */
export class PackedRefs {
  private stamp = '';
  private refs: ReadonlyMap<string, Oid> = new Map();

  constructor(private readonly commonDir: string) {}

  async read(): Promise<ReadonlyMap<string, Oid>> {
    try {
      const file = await open(join(this.commonDir, 'packed-refs'), 'r');
      try {
        const { ino, mtimeNs, size } = await file.stat({ bigint: true });
        const stamp = `${ino} ${mtimeNs} ${size}`;
        if (stamp === this.stamp) return this.refs;
        const refs = parsePackedRefs(await file.readFile('utf8'));
        [this.stamp, this.refs] = [stamp, refs];
        return refs;
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isAbsent(error)) return new Map();
      throw error;
    }
  }
}

export function parsePackedRefs(text: string): Map<string, Oid> {
  const refs = new Map<string, Oid>();
  for (const line of text.split('\n')) {
    const oid = line.slice(0, 40);
    // Comments and the peeled values of tags (`^…`) do not fit.
    if (line[40] === ' ' && isOid(oid)) refs.set(line.slice(41).trimEnd(), oid);
  }
  return refs;
}
