import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import type { ExitCode } from '../operations.js';
import { bisectJson, renderBisect } from '../render/bisect.js';
import { blameJson, renderBlame } from '../render/blame.js';
import { fullName } from './look.js';

export async function blame(context: Context, target: string): Promise<ExitCode> {
  const name = await fullName(context, target, ['solution', 'element', 'instance']);
  const operations = await context.loadOperations();
  // An instance is what its element is.
  const element = name.split('/').slice(0, 3).join('/');
  const view = await operations.blame({ ...requestOf(context), target: element });
  context.terminal.out(context.json ? blameJson(view) : renderBlame(view, context.paint));
  return 0;
}

export async function bisect(context: Context, target: string): Promise<ExitCode> {
  const name = await fullName(context, target, ['solution']);
  const operations = await context.loadOperations();
  const view = await operations.bisect({ ...requestOf(context), target: name });
  context.terminal.out(context.json ? bisectJson(view) : renderBisect(view, context.paint));
  return 0;
}
