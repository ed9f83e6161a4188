import type { DomainName } from '../core/base/names.js';
import { eventView } from '../core/status/event.js';
import type { Life } from './life.js';
import { mainRef, notesRef, statusRef } from './repository.js';
import type { Stage } from './stage.js';
import type { Landing, Mutation, Watcher } from './watcher.js';
import { faultWords } from './verdict.js';

/** Tells a run as a story: when, who, what. Each line is handed to `say`. */
export function narrator(stage: Stage, say: (line: string) => void): Watcher {
  const { world } = stage;
  const tell = (who: string, what: string): void =>
    say(`${timeText(world.now)} ${String(world.steps).padStart(5)}  ${who.padEnd(10)} ${what}`);
  return {
    booted: (incarnation) => tell(nameOf(incarnation), 'has booted and runs'),
    died: (incarnation, how) => tell(nameOf(incarnation), deaths[how]),
    acted: ({ kind, seed }) => tell('script', `${kind} (${seed})`),
    struck: (kind, moment) => tell('fault', `${faultWords[kind]}${moment === '' ? '' : `: ${moment}`}`),
    begun: (mutation) =>
      tell(nameOf(mutation.by), `→ ${mutationText(mutation)}, epoch ${mutation.epoch}${forText(mutation)}`),
    landed: (mutation, how) => tell('world', `${mutationText(mutation)}: ${landings[how]}`),
    recorded: (incarnation, record) => {
      const { solution, message } = eventView('prod' as DomainName, record);
      const { kind } = record.entry as { readonly kind: string };
      tell(nameOf(incarnation), `${kind}${solution === null ? '' : ` of ${solution}`}: ${message}`);
    },
    swapped: (ref, from, to, by) => {
      const commit = to === null ? null : (world.repository.commits.get(to) ?? null);
      const what = commit === null ? 'is gone' : `is ${commit.oid.slice(0, 7)} “${commit.subject}”`;
      const how = from === null ? 'begins: it ' : '';
      tell(by === null ? 'people' : nameOf(by), `${refNames[ref] ?? ref} ${how}${what}`);
    },
    held: (incarnation, { verb, place, state, text }) =>
      tell(nameOf(incarnation), `forge: ${verb} ${place} ${state ?? ''} ${text.split('\n')[0] ?? ''}`),
    proposed: (incarnation, { number, headBranch }) =>
      tell(nameOf(incarnation), `opens pull request #${number} of ${headBranch}`),
    logged: (incarnation, text) => tell(nameOf(incarnation), `log: ${text}`),
    calmed: () => tell('script', 'is over: no fault and no act any more'),
    ended: () => tell('script', 'everything is at rest'),
  };
}

const refNames: Readonly<Record<string, string>> = {
  [mainRef]: 'main',
  [statusRef]: 'the status branch',
  [notesRef]: 'the notes',
};

const deaths = {
  process: 'is killed',
  power: 'dies: its machine loses power',
  ended: 'ends by itself',
} as const;

const landings: { readonly [how in Landing]: string } = {
  changed: 'done',
  unchanged: 'was so already',
  refused: 'refused, for its epoch is old',
  failed: 'not done',
};

/** The name of its installation, and which of all lives this is. */
function nameOf(incarnation: Life): string {
  return `${incarnation.machine.name} #${incarnation.number}`;
}

function mutationText({ verb, key, backends }: Mutation): string {
  const to =
    backends === null
      ? ''
      : ` to ${backends.map(({ instance, weight }) => `${instance} (${weight})`).join(', ')}`;
  return `${verb} ${key}${to}`;
}

function forText({ revision }: Mutation): string {
  return revision === null ? '' : `, for ${revision.slice(0, 7)}`;
}

/** Minutes, seconds and milliseconds since the world began. */
function timeText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const rest = ms % 60_000;
  const seconds = `${Math.floor(rest / 1_000)}`.padStart(2, '0');
  return `${`${minutes}`.padStart(4)}:${seconds}.${`${rest % 1_000}`.padStart(3, '0')}`;
}
