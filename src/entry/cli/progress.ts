import type { Progress } from './operations.js';
import { progressText } from './render/apply.js';
import type { Terminal } from './terminal.js';

const clearLine = '\r\u001b[2K';

/** On a terminal one line that is written over; elsewhere a line whenever it says something new. */
export interface ProgressLine {
  update(progress: Progress): void;
  /** Before anything else is written. */
  clear(): void;
}

export function progressLine(terminal: Terminal): ProgressLine {
  return terminal.errIsTerminal ? movingLine(terminal) : plainLines(terminal);
}

function movingLine(terminal: Terminal): ProgressLine {
  let visible = false;
  return {
    update: (progress) => {
      // A line that wraps could not be cleared.
      const text = progressText(progress).slice(0, Math.max(20, terminal.columns - 1));
      terminal.err(`${clearLine}${text}`);
      visible = true;
    },
    clear: () => {
      if (visible) terminal.err(clearLine);
      visible = false;
    },
  };
}

function plainLines(terminal: Terminal): ProgressLine {
  let last = '';
  return {
    update: (progress) => {
      const text = progressText(progress);
      if (text !== last) terminal.err(`${text}\n`);
      last = text;
    },
    clear: () => undefined,
  };
}
