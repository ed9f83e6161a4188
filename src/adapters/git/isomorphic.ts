// Imported lazily: it costs 100 ms and 15 MB, and where git is installed nothing of it is needed.
export {
  expandOid,
  findMergeBase,
  isDescendent,
  isIgnored,
  listFiles,
  readCommit,
  readObject,
  STAGE,
  walk,
} from 'isomorphic-git';
