import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safe } from '../../../src/core/base/safe-text.js';
import {
  countGate,
  uncounted,
  type GateAnswer,
  type GateCount,
  type GateState,
} from '../../../src/core/rollout/gate.js';

const usual = { count: 1, failureLimit: 0, errorLimit: 4 };

const outcomes = { p: 'passed', f: 'failed', u: 'unmeasured' } as const;

/** `ppfu`: two good measurements, a bad one, and one that could not be made. */
function after(answers: string, gate = usual): GateCount {
  return [...answers].reduce<GateCount>((count, letter) => countGate(count, answer(letter), gate), uncounted);
}

function answer(letter: string): GateAnswer {
  return { outcome: outcomes[letter as keyof typeof outcomes], detail: safe(letter) };
}

describe('countGate', () => {
  it.each([
    ['', usual, 'open', 'nothing was measured yet'],
    ['p', usual, 'passed', 'one good measurement is enough by default'],
    ['f', usual, 'failed', 'one bad measurement is too many by default'],
    ['pp', { ...usual, count: 3 }, 'open', 'one good measurement is still missing'],
    ['ppp', { ...usual, count: 3 }, 'passed', 'there are as many good ones as were asked for'],
    ['ppfp', { ...usual, count: 3, failureLimit: 1 }, 'passed', 'one bad measurement was allowed'],
    ['pfpf', { ...usual, count: 3, failureLimit: 1 }, 'failed', 'the second bad one was not'],
    ['uuu', usual, 'open', 'a source may be away for a while'],
    ['uuuu', usual, 'unmeasurable', 'it has been away for so many attempts in a row'],
    ['uuupuuu', { ...usual, count: 2 }, 'open', 'a measurement in between begins the row anew'],
    ['uuufuuu', { ...usual, failureLimit: 1 }, 'open', 'a bad measurement is a measurement too'],
    ['uuuup', usual, 'passed', 'the source came back'],
    ['uuuuf', usual, 'failed', 'the source came back with bad news'],
    ['pf', usual, 'passed', 'what was passed is not asked again'],
    ['fp', usual, 'failed', 'what failed does not recover'],
  ] satisfies [string, typeof usual, GateState, string][])(
    'after %s of %j it is %s: %s',
    (answers, gate, state, _why) => {
      expect(after(answers, gate).state).toBe(state);
    },
  );

  it('keeps the last answer for whoever asks why', () => {
    expect(after('pu', { ...usual, count: 2 })).toEqual({
      state: 'open',
      good: 1,
      bad: 0,
      unmeasured: 1,
      detail: 'u',
    });
  });

  const gates = fc.record({
    count: fc.integer({ min: 1, max: 5 }),
    failureLimit: fc.integer({ min: 0, max: 5 }),
    errorLimit: fc.integer({ min: 1, max: 5 }),
  });

  it('never fails, and never passes, by what could not be measured', () => {
    fc.assert(
      fc.property(
        gates,
        fc.string({ unit: fc.constantFrom('p', 'f', 'u'), maxLength: 30 }),
        (gate, answers) => {
          const { state } = after(answers, gate);
          const measured = after(answers.replaceAll('u', ''), gate).state;
          if (state === 'failed' || state === 'passed') expect(measured).toBe(state);
          if (measured === 'failed' || measured === 'passed') expect(state).toBe(measured);
        },
      ),
    );
  });

  it('is decided by as many measurements as count and failureLimit together allow', () => {
    fc.assert(
      fc.property(
        gates,
        fc.string({ unit: fc.constantFrom('p', 'f'), minLength: 10, maxLength: 30 }),
        (gate, answers) => {
          expect(['passed', 'failed']).toContain(after(answers, gate).state);
        },
      ),
    );
  });
});
