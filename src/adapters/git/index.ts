export { GitError, type GitFailure } from './failure.js';
export type { History } from './history.js';
export { readNote } from './notes.js';
export type { Outline } from './outline.js';
export { entryAt, filesBelow, readFilesBelow, type TreeFile } from './read-tree.js';
export { isRefName } from './ref-names.js';
export { openRepository, type Opened, type OpenOptions, type Repository } from './repository.js';
export type { Refused, WorkFile } from './work-files.js';
export type { Selection, WorkTree, WorkTreeFiles } from './work-tree.js';
