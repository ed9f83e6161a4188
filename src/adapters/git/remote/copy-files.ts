import { createHash } from 'node:crypto';
import { promises } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { writeWhole } from '../loose.js';
import { RemoteError } from './remote.js';
import { changeShallow, linesOf, shallowText } from './shallow.js';

/** Files of the copy as isomorphic-git uses them for one fetch or push. */
export interface CopyFiles {
  readonly fs: { readonly promises: typeof promises };
  /** What it has noted about where history ends counts from here on: when all of the history has arrived. */
  settle(): Promise<void>;
}

/**
 * isomorphic-git writes packs in place, and notes where history ends before that history has come. Here files appear
 * whole or not at all, whatever dies, and the note follows. What it keeps under `refs/remotes` for itself is nobody's.
 */
export function copyFiles(gitDir: string): CopyFiles {
  const shallow = join(gitDir, 'shallow');
  const unwanted = join(gitDir, 'refs', 'remotes') + sep;
  let before: string | null = null;
  let after: string | null = null;

  const readFile = (async (file: string, options?: object) => {
    if (file !== shallow || after === null) return promises.readFile(file, options);
    const isText = typeof options === 'string' || (options as { encoding?: string } | undefined)?.encoding;
    return isText ? after : Buffer.from(after);
  }) as typeof promises.readFile;

  const note = async (text: string): Promise<void> => {
    before ??= await shallowText(gitDir);
    after = text;
  };
  const writeFile = async (file: string, data: Uint8Array | string): Promise<void> => {
    if (file === shallow) return note(data.toString());
    if (file.startsWith(unwanted)) return;
    if (file.endsWith('.pack')) checkPack(data as Uint8Array);
    const prefix = file.includes(`${sep}pack${sep}`) ? 'tmp_pack_' : 'tmp_obj_';
    return writeWhole(dirname(file), file, [Buffer.from(data)], prefix);
  };
  const unlink = (file: string): Promise<void> => (file === shallow ? note('') : promises.unlink(file));
  const mkdir = (async (folder: string, options?: object) =>
    `${folder}${sep}`.startsWith(unwanted)
      ? undefined
      : promises.mkdir(folder, options)) as typeof promises.mkdir;
  const changed = { readFile, writeFile: writeFile as typeof promises.writeFile, unlink, rm: unlink, mkdir };
  return {
    fs: { promises: { ...promises, ...changed } as typeof promises },
    async settle() {
      if (after === null || before === null) return;
      const [was, is] = [new Set(linesOf(before)), new Set(linesOf(after))];
      await changeShallow(gitDir, {
        added: [...is].filter((line) => !was.has(line)),
        removed: [...was].filter((line) => !is.has(line)),
      });
    },
  };
}

/** The connection may have been cut in the middle of it. */
function checkPack(pack: Uint8Array): void {
  const sum = createHash('sha1').update(pack.subarray(0, -20)).digest();
  if (pack.length < 32 || !sum.equals(pack.subarray(-20)))
    throw new RemoteError(
      'remote.away',
      'what the remote sent did not arrive whole',
      'It is asked again; look at the connection if it goes on.',
    );
}
