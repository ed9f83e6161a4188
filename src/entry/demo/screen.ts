import picocolors from 'picocolors';

/** What the screen needs of standard output. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Screen {
  readonly isTerminal: boolean;
  /** The heading of a chapter. */
  title(text: string): void;
  say(text: string): void;
  /** A command and what it printed. */
  command(command: string, output: string): void;
  /** One small thing that happened, some milliseconds after what started it. */
  step(afterMs: number, text: string): void;
  /** What `text` gives from now on is the live line; null: there is none. */
  live(text: (() => string) | null): void;
  /** Writes the live line again; without a terminal it appears only by this. */
  refresh(): void;
  close(): void;
}

const clearLine = '\r\u001b[2K';
const refreshMs = 100;

/** Text above, and on a terminal one live line that stays at the bottom. */
export function openScreen(output: Output): Screen {
  const isTerminal = output.isTTY === true;
  const paint = picocolors.createColors(isTerminal && !process.env['NO_COLOR']);
  let text: (() => string) | null = null;
  let shown = false;

  function above(lines: string): void {
    output.write(`${shown ? clearLine : ''}${lines}\n`);
    shown = false;
    if (isTerminal) refresh();
  }

  function refresh(): void {
    if (text === null) return;
    if (!isTerminal) return void output.write(`  [ ${text()} ]\n`);
    // A line that wraps could not be cleared.
    const line = text().slice(0, Math.max(20, output.columns || 80) - 3);
    output.write(`${clearLine}${paint.inverse(` ${line} `)}`);
    shown = true;
  }

  const timer = isTerminal ? setInterval(refresh, refreshMs) : undefined;

  return {
    isTerminal,
    title: (title) => above(`\n${paint.bold(paint.yellow(`☀ ${title}`))}`),
    say: (said) => above(indented(said).join('\n')),
    command: (command, printed) => {
      const lines = printed.replace(/\n+$/, '');
      above(['', `  ${paint.cyan(`$ ${command}`)}`, ...(lines === '' ? [] : indented(lines, 4))].join('\n'));
    },
    step: (afterMs, step) => {
      const seconds = `${(afterMs / 1000).toFixed(1)} s`.padStart(8);
      above(`${paint.dim(seconds)}  ${step}`);
    },
    live: (line) => {
      text = line;
      if (line === null && shown) output.write(clearLine);
      if (line === null) shown = false;
    },
    refresh,
    close: () => {
      clearInterval(timer);
      if (shown) output.write(clearLine);
      shown = false;
      text = null;
    },
  };
}

function indented(text: string, by = 2): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`));
}
