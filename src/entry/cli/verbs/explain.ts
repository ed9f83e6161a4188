import { allCodes, describeCode } from '../../../core/base/codes.js';
import { suggest } from '../../../core/model/suggest.js';
import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import { Failure, type ExitCode } from '../operations.js';
import { codeJson, renderCode } from '../render/code.js';
import { explainJson, renderExplain } from '../render/explain.js';
import { printable } from '../render/printable.js';
import { fullName } from './look.js';

/** A diagnostic's code has a full stop and no slash, which no name of a target has. */
export async function explain(context: Context, subject: string): Promise<ExitCode> {
  return subject.includes('.') && !subject.includes('/')
    ? explainCode(context, subject)
    : explainTarget(context, subject);
}

function explainCode({ terminal, json, paint }: Context, code: string): ExitCode {
  const text = describeCode(code);
  if (text === null) throw unknownCode(code);
  terminal.out(json ? codeJson(code, text) : renderCode(code, text, paint));
  return 0;
}

function unknownCode(code: string): Failure {
  const likely = suggest(code, allCodes());
  return new Failure(
    'target.unknown',
    `there is no diagnostic "${printable(code)}"${likely === null ? '' : `; did you mean "${likely}"?`}`,
    likely === null ? 'Copy the code from the message, such as yaml.duplicateKey' : `Use ${likely}`,
  );
}

async function explainTarget(context: Context, subject: string): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const target = await fullName(context, subject, ['element']);
  const view = await operations.explainElement({ ...requestOf(context), target });
  context.terminal.out(context.json ? explainJson(view) : renderExplain(view, context.paint));
  return 0;
}
