import type { TimedRollout } from '../rollout/durations.js';
import { readMemory } from './emit.js';

type Step = TimedRollout['steps'][number];

/** What a document of a rollout tells of how long its steps took; null where somebody broke it. */
export function readTimedRollout(
  document: string,
): (TimedRollout & { readonly startedWallMs: number }) | null {
  const memory = readMemory(document) as
    (Omit<TimedRollout, 'steps'> & { readonly startedWallMs: number }) | null;
  if (memory === null || !Array.isArray(memory.changes) || typeof memory.startedWallMs !== 'number')
    return null;
  const { id, changes, startedWallMs } = memory;
  return { id, changes, startedWallMs, steps: readSteps(document) };
}

/**
 * The steps as the emitter writes them: one line a field. A general reader of YAML would take a second for a document
 * of many steps, and nothing but the preview's durations depends on it.
 */
function readSteps(document: string): Step[] {
  const steps: Step[] = [];
  let fields: Record<string, unknown> = {};
  const end = (): void => {
    if (isStep(fields)) steps.push(fields);
    fields = {};
  };
  const lines = document.split('\n');
  for (let i = lines.indexOf('steps:') + 1; i > 0; i++) {
    const [, dash, key, value] = /^ {2}([- ]) ([A-Za-z]+): (.*)$/.exec(lines[i] ?? '') ?? [];
    if (key === undefined) break;
    if (dash === '-') end();
    fields[key] = scalarOf(value ?? '');
  }
  end();
  return steps;
}

function scalarOf(text: string): unknown {
  if (!/^["0-9n-]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isStep(fields: Readonly<Record<string, unknown>>): fields is Record<string, unknown> & Step {
  const { transition, instance, outcome, durationMs } = fields;
  return (
    typeof transition === 'string' &&
    typeof instance === 'string' &&
    typeof outcome === 'string' &&
    (durationMs === null || (typeof durationMs === 'number' && durationMs >= 0))
  );
}
