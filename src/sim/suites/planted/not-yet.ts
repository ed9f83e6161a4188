/** Mistakes that nobody can make yet, because what they are mistakes in is not there. */
export const bugsNotYet: readonly string[] = [];
