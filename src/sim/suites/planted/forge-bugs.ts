import type { Forge, Proposal } from '../../../ports/forge.js';
import type { Refs } from '../../../ports/repository.js';
import { plantedSecret } from '../../ports/ports.js';
import { mainRef } from '../../repository.js';
import type { Stage } from '../../stage.js';
import { bendPorts, type Bug } from './bug.js';
import { contested, failing, hurried, peaceful, proposing, withForge, withRemote } from './scripts.js';

/** Mistakes with a forge, and with a repository on another machine. */
export const forgeBugs: readonly Bug[] = [
  {
    name: 'propose again after a lost answer',
    what: 'each try to open a pull request names a branch of its own',
    breaks: [20],
    from: 10,
    script: proposing(failing),
    plant(stage) {
      let tries = 0;
      bendPorts(stage, ({ forge, refs }) => ({
        refs: branchesNamed(refs, () => tries),
        ...bentForge(forge, ({ propose }) => ({
          propose: async (proposal: Proposal) => {
            const answer = await propose({ ...proposal, head: named(proposal.head, tries) });
            if (answer.kind !== 'ok') tries++;
            return answer;
          },
        })),
      }));
    },
  },
  {
    name: 'tell success before the verdict',
    what: 'the forge is told that all is well as soon as something is under way',
    breaks: [9],
    script: withForge(peaceful),
    plant: (stage) =>
      bendPorts(stage, ({ forge }) =>
        bentForge(forge, ({ writeStatus }) => ({
          writeStatus: (revision, status) =>
            writeStatus(revision, status.state === 'pending' ? { ...status, state: 'success' } : status),
        })),
      ),
  },
  {
    name: 'tell the forge a token',
    what: 'a comment shows what a program was given',
    breaks: [19],
    script: withForge(peaceful),
    plant: (stage) =>
      bendPorts(stage, ({ forge }) =>
        bentForge(forge, ({ writeComment }) => ({
          writeComment: (number, marker, body) =>
            writeComment(number, marker, `${body}\n- TOKEN=${plantedSecret}`),
        })),
      ),
  },
  {
    name: 'answer a forged delivery',
    what: 'what a webhook says that the branch is counts as what it is',
    breaks: [11],
    script: withRemote(hurried),
    plant: (stage: Stage) =>
      bendPorts(stage, ({ refs }) => ({
        refs: {
          ...refs,
          async read(ref) {
            const read = await refs.read(ref);
            return ref === mainRef ? (stage.world.remote?.named ?? read) : read;
          },
        },
      })),
  },
  {
    name: 'push to a remote by force',
    what: 'a push that lost a race is sent once more, whatever is there by now',
    breaks: [8],
    from: 6,
    script: withRemote(contested),
    plant: (stage) =>
      bendPorts(stage, ({ refs }) => ({
        refs: {
          ...refs,
          async compareAndSwap(ref, from, to) {
            const answer = await refs.compareAndSwap(ref, from, to);
            return answer.kind === 'lost' ? refs.compareAndSwap(ref, answer.current, to) : answer;
          },
        },
      })),
  },
];

function bentForge(
  forge: Forge | undefined,
  bend: (forge: Forge) => Partial<Forge>,
): { readonly forge?: Forge } {
  return forge === undefined ? {} : { forge: { ...forge, ...bend(forge) } };
}

function named(branch: string, tries: number): string {
  return tries === 0 ? branch : `${branch}-try-${tries}`;
}

function branchesNamed(refs: Refs, tries: () => number): Refs {
  const of = (ref: string): string => (ref.includes('/heliostat/revert') ? named(ref, tries()) : ref);
  return {
    ...refs,
    read: (ref) => refs.read(of(ref)),
    compareAndSwap: (ref, from, to) => refs.compareAndSwap(of(ref), from, to),
  };
}
