import type { LocatedDocument } from '../../../core/model/document.js';
import { mainRef, statusRef } from '../../repository.js';
import { bendPorts, type Bug } from './bug.js';
import { hurried, peaceful } from './scripts.js';

/** Mistakes with the repository. */
export const repositoryBugs: readonly Bug[] = [
  {
    name: 'rewrite the status branch',
    what: 'a status commit takes the place of the one before instead of following it',
    breaks: [8],
    script: peaceful,
    plant: (stage) =>
      bendPorts(stage, ({ refs }) => ({
        refs: {
          ...refs,
          commit(request) {
            const { repository } = stage.world;
            const isStatus = request.parent !== null && request.parent === repository.refs.get(statusRef);
            const former = isStatus
              ? (repository.commits.get(request.parent)?.parents[0] ?? null)
              : request.parent;
            return refs.commit({ ...request, parent: former });
          },
        },
      })),
  },
  {
    name: 'lose a commit',
    what: 'a hint that comes while another commit is judged is dropped, and no poll looks again',
    breaks: [14],
    from: 3,
    script: hurried,
    plant: (stage) =>
      bendPorts(stage, ({ refs }) => {
        let reads = 0;
        let last: string | null = null;
        return {
          refs: {
            ...refs,
            async read(ref) {
              if (ref !== mainRef) return refs.read(ref);
              if (++reads <= 3) last = await refs.read(ref);
              return last;
            },
          },
        };
      }),
  },
  {
    name: 'keep a stale cache',
    what: 'a file that was read once is known by its path, whatever stands in it by now',
    breaks: [11, 21],
    script: peaceful,
    plant: (stage) =>
      bendPorts(stage, ({ reader }) => {
        const known = new Map<string, LocatedDocument>();
        return {
          reader: {
            ...reader,
            async read(texts, cancel) {
              const read = await reader.read(texts, cancel);
              return texts.map(({ file }, i) => {
                const document = known.get(file) ?? (read[i] as LocatedDocument);
                known.set(file, document);
                return document;
              });
            },
          },
        };
      }),
  },
];
