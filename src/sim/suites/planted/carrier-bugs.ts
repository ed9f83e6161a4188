import { bendPorts, type Bug } from './bug.js';
import { onRunners } from './scripts.js';

/** Mistakes with a journal that is carried to the status branch. */
export const carrierBugs: readonly Bug[] = [
  {
    name: 'act before the intent is on the branch',
    what: 'where the disk is gone with the machine, what is about to be done is written there alone',
    breaks: [3],
    script: onRunners,
    plant: (stage) =>
      bendPorts(stage, ({ refs }) => ({
        refs: {
          ...refs,
          commit: (request) =>
            refs.commit({
              ...request,
              changes: request.changes.filter(({ path }) => !path.includes('/intents/')),
            }),
        },
      })),
  },
  {
    name: 'begin anew on another machine',
    what: 'a controller whose disk is empty takes what the documents remember, and not the journal beside them',
    breaks: [17],
    script: onRunners,
    plant: (stage) =>
      bendPorts(stage, ({ source }) => ({
        source: {
          ...source,
          tree: async (oid) => (await source.tree(oid))?.filter(({ name }) => name !== 'intents') ?? null,
        },
      })),
  },
];
