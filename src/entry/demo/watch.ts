import { mustHold } from './promises.js';
import { tallyText, type Tally } from './tally.js';
import type { Stage } from './stage.js';
import { isSettled, type Status } from './status.js';
import { until } from './waiting.js';

const everyMs = 100;
const timeoutMs = 60_000;

/**
 * Looks at the status, telling each step that it shows, until `there` says so.
 * @throws {BrokenPromise} when the daemon ends, or it takes too long.
 */
export async function follow(
  stage: Stage,
  promised: string,
  there: (status: Status) => boolean,
): Promise<Status> {
  const look = (): Status | null => {
    const { heliostat, screen, steps } = stage;
    mustHold(heliostat.pid() !== null, `heliostat run ended by itself:\n${heliostat.said().slice(-2000)}`);
    const status = heliostat.latest();
    if (status === null) return null;
    for (const line of steps.since(status)) screen.step(steps.elapsedMs, line);
    return there(status) ? status : null;
  };
  return until(promised, look, { signal: stage.signal, everyMs, timeoutMs });
}

export function followTo(stage: Stage, commit: string): Promise<Status> {
  return follow(stage, `that ${commit.slice(0, 7)} runs`, (status) => isSettled(status, commit));
}

/** Shows the note that Heliostat writes to the commit, once it says `verdict`. */
export async function showVerdict(stage: Stage, commit: string, verdict: string): Promise<void> {
  const { repository, signal, screen } = stage;
  const look = async (): Promise<string | null> => {
    const note = await repository.git('notes', '--ref=heliostat', 'show', commit).catch(() => '');
    return note.includes(verdict) ? note : null;
  };
  const promised = `a note on ${commit.slice(0, 7)} that says ${verdict}`;
  const note = await until(promised, look, { signal, everyMs, timeoutMs });
  screen.command(`git notes --ref=heliostat show ${commit.slice(0, 7)}`, note);
}

/** @throws {BrokenPromise} if any request failed. */
export function nothingFailed(tally: Tally): void {
  const list = tally.failures.map((failure) => `\n  ${failure}`).join('');
  mustHold(tally.failed === 0, `No request may fail, but: ${tallyText(tally)}. The first:${list}`);
}
