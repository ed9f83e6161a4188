/** What no file system takes as one name. */
export const longestEntryName = 255;

/** HFS+ does not see these in a name. */
const unseen = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Whether a name in a tree is one that no checkout may contain: it leads elsewhere, or is the repository's own folder
 * to some file system. The rules are those of Git itself (`core.protectHFS`, `core.protectNTFS`): NTFS knows `.git` as
 * `git~1` too, and neither sees blanks and dots at the end nor what follows a colon.
 */
export function isHostileName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return true;
  if (name.length > longestEntryName || name.includes('/') || name.includes('\0')) return true;
  return /^(?:\.git|git~1)[. ]*(?::|$)/i.test(name.replace(unseen, ''));
}
