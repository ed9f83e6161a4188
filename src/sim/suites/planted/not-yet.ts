/** Mistakes that nobody can make yet, because what they are mistakes in is not there. */
export const bugsNotYet: readonly string[] = [
  'answer a forged delivery of a forge',
  'push to a remote by force',
];
