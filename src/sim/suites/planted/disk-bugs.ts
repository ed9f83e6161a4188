import { bendPorts, type Bug } from './bug.js';
import { badDisk, crashing, peaceful } from './scripts.js';

/** Mistakes with the journal. */
export const diskBugs: readonly Bug[] = [
  {
    name: 'skip the sync',
    what: 'the journal is written, and nobody waits until it is safe from a loss of power',
    breaks: [3],
    script: peaceful,
    plant: (stage) => bendPorts(stage, ({ disk }) => ({ disk: { ...disk, sync: () => Promise.resolve() } })),
  },
  {
    name: 'go on after a failed sync',
    what: 'a sync that failed is done again and believed, though what it was for is lost',
    breaks: [3, 9, 17],
    script: badDisk,
    plant: (stage) =>
      bendPorts(stage, ({ disk }) => ({
        disk: { ...disk, sync: (file) => disk.sync(file).catch(() => disk.sync(file)) },
      })),
  },
  {
    name: 'cut the journal in the middle',
    what: 'compaction cuts off what is newer than it thinks',
    breaks: [3, 9, 17],
    script: crashing,
    plant: (stage) =>
      bendPorts(stage, ({ disk }) => {
        let appends = 0;
        return {
          disk: {
            ...disk,
            async append(file, bytes) {
              await disk.append(file, bytes);
              if (++appends % 10 !== 0) return;
              const length = (await disk.read(file))?.length ?? 0;
              await disk.truncate(file, length >> 1);
            },
          },
        };
      }),
  },
];
