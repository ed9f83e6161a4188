import { randomBytes } from 'node:crypto';
import { promises } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files as isomorphic-git uses them. It writes packs in place; here they appear whole or not at all, whatever dies. */
export function safeFiles(): { readonly promises: typeof promises } {
  const writeFile = (async (file: string, data: Uint8Array | string, options?: object) => {
    // `git gc` removes what is called so, if it is left behind.
    const draft = join(dirname(file), `tmp_obj_${randomBytes(6).toString('hex')}`);
    const handle = await promises.open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(data, options as never);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await promises.rename(draft, file);
  }) as typeof promises.writeFile;
  return { promises: { ...promises, writeFile } };
}
