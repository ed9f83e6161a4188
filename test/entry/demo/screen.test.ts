import { describe, expect, it, onTestFinished } from 'vitest';
import { openScreen, type Output, type Screen } from '../../../src/entry/demo/screen.js';

function screenOn(output: Partial<Output>): { screen: Screen; written: () => string } {
  let text = '';
  const screen = openScreen({ write: (more: string) => (text += more), ...output });
  onTestFinished(() => screen.close());
  return { screen, written: () => text };
}

/** What a terminal shows in the end: `\r\e[2K` empties the line that is written at. */
function asSeen(text: string): string[] {
  const lines = [''];
  // eslint-disable-next-line no-control-regex
  for (const part of text.replace(/\u001b\[[0-9;]*m/g, '').split(/(\n|\r\u001b\[2K)/)) {
    if (part === '\n') lines.push('');
    else if (part === '\r\u001b[2K') lines[lines.length - 1] = '';
    else lines[lines.length - 1] += part;
  }
  return lines;
}

describe('the live line on a terminal', () => {
  it('stays at the bottom while other lines are written above it', () => {
    const { screen, written } = screenOn({ isTTY: true, columns: 80 });
    screen.live(() => 'requests 1');
    screen.say('first');
    screen.step(1_240, 'second');

    expect(asSeen(written())).toEqual(['  first', '   1.2 s  second', ' requests 1 ']);
  });

  it('is cut to the width of the terminal, since a line that wraps could not be cleared', () => {
    const { screen, written } = screenOn({ isTTY: true, columns: 24 });
    screen.live(() => 'x'.repeat(100));
    screen.refresh();

    expect(asSeen(written())).toEqual([` ${'x'.repeat(21)} `]);
  });

  it('leaves nothing behind when the screen is closed', () => {
    const { screen, written } = screenOn({ isTTY: true, columns: 80 });
    screen.live(() => 'requests 1');
    screen.say('the end');
    screen.close();

    expect(asSeen(written())).toEqual(['  the end', '']);
  });
});

describe('without a terminal', () => {
  it('there are plain lines only, so that a log of it can be read', () => {
    const { screen, written } = screenOn({});
    screen.live(() => 'requests 1');
    screen.title('A chapter');
    screen.command('git log', 'one\n\ntwo\n');
    screen.command('heliostat run', '');
    screen.refresh();
    screen.close();

    expect(written()).toBe(
      '\n☀ A chapter\n\n  $ git log\n    one\n\n    two\n\n  $ heliostat run\n  [ requests 1 ]\n',
    );
  });
});
