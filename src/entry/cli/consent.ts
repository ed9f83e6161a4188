import type { Context } from './context.js';

/** Why it may not be done; null if the user typed `yes`. Without a terminal nobody can have said yes. */
export async function askToDestroy(context: Context, question: string, loss: string): Promise<string | null> {
  const { terminal, errPaint, signal } = context;
  if (!terminal.inIsTerminal || !terminal.errIsTerminal) {
    return `${loss}, and there is no terminal to ask: repeat it with --yes`;
  }
  const answer = await terminal.ask(`\n${errPaint.bold(question)} Only "yes" goes on: `, signal);
  return answer?.trim() === 'yes' ? null : `${loss}, and the answer was not "yes"`;
}
