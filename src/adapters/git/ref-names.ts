/**
 * The rules of `git check-ref-format`, for full names. What passes is safe as a path below the repository's folder:
 * no `..`, no empty part, nothing that begins with a dot, and never the name of a lock.
 */
export function isRefName(ref: string): boolean {
  if (!ref.startsWith('refs/') || ref.endsWith('/') || ref.endsWith('.')) return false;
  if (ref.includes('..') || ref.includes('@{') || ref.includes('//')) return false;
  if (forbidden.test(ref)) return false;
  const parts = ref.split('/');
  return (
    parts.length >= 3 &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]/;

/** These belong to one work tree; all other references are shared. */
export function isPerWorkTree(ref: string): boolean {
  return ['refs/bisect/', 'refs/worktree/', 'refs/rewritten/'].some((prefix) => ref.startsWith(prefix));
}

/** For people: `main` for `refs/heads/main`. */
export function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|remotes|tags)\//, '');
}
