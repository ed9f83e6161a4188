// Imported lazily: it costs 100 ms and 15 MB, and where git is installed nothing of it is needed.
export {
  Errors,
  expandOid,
  fetch,
  findMergeBase,
  isDescendent,
  isIgnored,
  listFiles,
  listServerRefs,
  push,
  readCommit,
  readObject,
  resolveRef,
  STAGE,
  walk,
} from 'isomorphic-git';
