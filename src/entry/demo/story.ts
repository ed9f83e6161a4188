import { bad } from './chapters/bad.js';
import { crash } from './chapters/crash.js';
import { record } from './chapters/record.js';
import { refuse } from './chapters/refuse.js';
import { repair } from './chapters/repair.js';
import { rollback } from './chapters/rollback.js';
import { start } from './chapters/start.js';
import { upgrade } from './chapters/upgrade.js';
import type { Chapter, Stage } from './stage.js';
import { tallyText, type Tally } from './tally.js';
import { nothingFailed } from './watch.js';

const chapters: readonly Chapter[] = [start, upgrade, crash, refuse, repair, bad, rollback, record];

/**
 * Tells the story to its end.
 * @throws {BrokenPromise} at the first thing that is not as promised.
 */
export async function tellStory(stage: Stage): Promise<void> {
  const { screen, memory } = stage;
  for (const [i, chapter] of chapters.entries()) {
    screen.title(`${i + 1}/${chapters.length} ${chapter.title}`);
    await chapter.tell(stage);
    if (memory.load !== null) nothingFailed(memory.load.tally());
    if (!screen.isTerminal) screen.refresh();
  }
}

/** `3 rollouts · 1 refusal · 2 × kill -9 · requests 12,345 · failed 0`. */
export function summary(
  { rollouts, refused, kills }: { rollouts: number; refused: number; kills: number },
  tally: Tally,
): string {
  const parts = [`${rollouts} rollouts`, `${refused} refusal`, `${kills} × kill -9`, tallyText(tally)];
  return parts.join(' · ');
}
