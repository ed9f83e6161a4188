import type { Script } from './workload/script.js';

/** A run that once broke an invariant. It is run again each time, for what it showed must not come back. */
export interface Regression {
  /** What was wrong. */
  readonly why: string;
  readonly seed: number;
  /** What was run, where the seed alone no longer makes it. */
  readonly script?: Script;
}

export const regressions: readonly Regression[] = [
  { seed: 32623, why: 'a failure outlived the commit that no longer asks for what failed' },
  { seed: 30736, why: 'the accepted commit was rejected, for a solution taken back had been left behind' },
  { seed: 33607, why: 'an orphan was taken away while it was made anew' },
  {
    seed: 30673,
    why: 'what was not well left for its own configuration, whoever else of the element was on its way down',
  },
  { seed: 33207, why: 'what was not well left to come back, and the judge saw nothing come for it' },
  { seed: 30780, why: 'a listener whose release had failed stayed until the next start' },
  { seed: 33125, why: 'a restored memory was believed about what the router sends where' },
  { seed: 31760, why: 'a listener took the port of another, where the embedded gateway refuses it' },
  {
    seed: 52895,
    why: 'a call that was given up was still under way when the next one to its instance began',
  },
  { seed: 104253, why: 'a rollout told anew after a restoration forgot its commit' },
  {
    seed: 402257,
    why: 'a port that somebody else has was asked for once a second, with a status commit each time',
  },
  { seed: 1077901353, why: 'a domain was claimed without its memory, and verdicts were given again' },
  { seed: 20009449, why: 'what had been made anew was started without its configuration' },
  { seed: 20003718, why: 'a rollout waited for a port of a listener that nobody remembered' },
  { seed: 20001033, why: 'who was moved in a step lost the only provider that it accepts' },
  { seed: 20001980, why: 'what was retried and held became applied with nothing done' },
  { seed: 1078007102, why: 'a standby whose start had ended unknown was taken for stopped' },
  { seed: 1078010988, why: 'what only stays for a step was edited, and kept it from being passed' },
  { seed: 1078011423, why: 'what an overtaken rollout had made whole left no room for the next one' },
  { seed: 4156, why: 'what was let out of quarantine was not planned' },
  { seed: 6355, why: 'applied was said while an instance that a person had restarted was stopped' },
  { seed: 10802, why: 'applied was said while a standby could not be taken away' },
  { seed: 17207, why: 'what lives on a host that stays after all was told as unwell' },
  { seed: 27252, why: 'what was on its way out was planned again at each look' },
];
