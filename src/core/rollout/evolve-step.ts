import { safe } from '../base/safe-text.js';
import type { SolutionEntry } from './entries.js';
import { countGate, uncounted } from './gate.js';
import type { Place } from './place.js';
import type { ElementState, GateProgress, StepState, Track } from './state.js';
import { stepsOf } from './steps.js';

type Of<Kind extends SolutionEntry['kind']> = Extract<SolutionEntry, { kind: Kind }>;

export type StepEntry = Of<
  'step.begun' | 'step.ready' | 'step.awaits' | 'step.promoted' | 'gate.begun' | 'gate.ended'
>;

/** What became of the step that an element is on. */
export function stepped(element: ElementState, entry: StepEntry, place: Place): ElementState {
  const { track } = element;
  const { at } = place;
  if (track === null) return element;
  if (entry.kind === 'step.begun')
    return { ...element, track: { ...track, progressAt: at, step: begun(track, entry) } };
  if (track.step === undefined) return element;
  return { ...element, track: { ...track, progressAt: at, step: after(track.step, entry, place) } };
}

function begun({ step }: Track, { index, final, target }: Of<'step.begun'>): StepState {
  // A commit that asks for the same does not ask for the same wait and the same answers once more.
  if (step?.index === index && step.digest === target.digest) return { ...step, final };
  const promoted = step?.promoted === true && step.final.digest === final.digest;
  return { index, final, digest: target.digest, readyAt: null, gates: {}, awaits: false, promoted };
}

function after(
  step: StepState,
  entry: Exclude<StepEntry, { kind: 'step.begun' }>,
  { at, wallMs }: Place,
): StepState {
  switch (entry.kind) {
    case 'step.ready':
      return { ...step, readyAt: at, readyWallMs: wallMs };
    case 'step.awaits':
      return { ...step, awaits: true };
    case 'step.promoted':
      return { ...step, awaits: false, promoted: true };
    case 'gate.begun':
      return withGate(step, entry.gate, (before) => ({ ...before, isOpen: true }));
    case 'gate.ended': {
      const gate = stepsOf(step.final)[step.index]?.gates.find(({ name }) => name === entry.gate);
      const { answer } = entry;
      // Nobody knows how it ended: it is asked again, and counts for nothing.
      if (answer === null) return withGate(step, entry.gate, (before) => ({ ...before, isOpen: false }));
      return withGate(step, entry.gate, (before) => ({
        ...(gate === undefined ? before : countGate(before, answer, gate)),
        isOpen: false,
        measuredAt: at,
        answers: [...(before.answers ?? []), safe(`${answer.outcome}: ${answer.detail}`)].slice(-keptAnswers),
      }));
    }
  }
}

/** What stood in the way is asked again when somebody lets the rollout go on. */
export function measuredAnew(track: Track): Track {
  if (track.step === undefined) return track;
  const gates = Object.entries(track.step.gates).filter(
    ([, { state }]) => state !== 'unmeasurable' && state !== 'failed',
  );
  return { ...track, step: { ...track.step, gates: Object.fromEntries(gates) } };
}

/** As many as a person reads. */
const keptAnswers = 5;

const unmeasured: GateProgress = { ...uncounted, isOpen: false, measuredAt: null };

function withGate(step: StepState, name: string, change: (before: GateProgress) => GateProgress): StepState {
  return { ...step, gates: { ...step.gates, [name]: change(step.gates[name] ?? unmeasured) } };
}
