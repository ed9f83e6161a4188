import type { Stage } from '../stage.js';
import type { Act } from './script.js';

/** Commits what the author has before him. */
export function publish(stage: Stage, subject: string): void {
  void stage;
  void subject;
}

export function perform(stage: Stage, act: Act): void {
  void stage;
  void act;
}
