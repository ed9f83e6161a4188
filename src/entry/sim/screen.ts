export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Screen {
  say(line: string): void;
  /** How far it is: on a terminal one line that stays, elsewhere a line every now and then. */
  progress(text: string): void;
  /** Takes the line of progress away. */
  clear(): void;
}

const clearLine = '\r\u001b[2K';
const liveMs = 200;
const plainMs = 30_000;

export function openScreen(output: Output): Screen {
  const isTerminal = output.isTTY === true;
  let shownMs = performance.now();
  let isShown = false;
  const clear = (): void => {
    if (isShown) output.write(clearLine);
    isShown = false;
  };
  return {
    say(line) {
      clear();
      output.write(`${line}\n`);
    },
    progress(text) {
      if (performance.now() - shownMs < (isTerminal ? liveMs : plainMs)) return;
      shownMs = performance.now();
      if (!isTerminal) return void output.write(`${text}\n`);
      output.write(clearLine + text.slice(0, Math.max(20, output.columns ?? 80) - 1));
      isShown = true;
    },
    clear,
  };
}
