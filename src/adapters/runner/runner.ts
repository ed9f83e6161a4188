import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import { compareDiagnostics } from '../../core/base/diagnostic.js';
import { renderAnnotations } from './annotations.js';

/** What a step may say to the runner; https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export interface Runner {
  /** To the log of the step. */
  say(line: string): void;
  /** Beside the lines that they are about; the runner shows ten of each severity, the worst come first. */
  annotate(diagnostics: readonly Diagnostic[]): void;
  output(name: string, value: string): void;
  /** Markdown, of which the runner takes up to `summaryBytes` a step. */
  summarize(markdown: string): void;
  /** Never to be shown in any log. */
  mask(secret: string): void;
}

export const summaryBytes = 1024 * 1024 - 1024;
/** https://docs.github.com/actions/reference/limits: ten errors, ten warnings and ten notices a step. */
const shownOfEach = 10;

type Environment = Readonly<Record<string, string | undefined>>;

export function runnerOf(env: Environment, write: (text: string) => void): Runner {
  const append = (file: string | undefined, text: string): void => {
    if (file !== undefined && file !== '') appendFileSync(file, text);
  };
  return {
    say: (line) => write(`${line}\n`),
    annotate(diagnostics) {
      const worst = [...diagnostics].sort(compareDiagnostics);
      const of = (severity: Diagnostic['severity']): Diagnostic[] =>
        worst.filter((each) => each.severity === severity).slice(0, shownOfEach);
      write(renderAnnotations([...of('error'), ...of('warning')]));
    },
    output(name, value) {
      // A value of several lines could otherwise begin an output of its own.
      const end = `end_${randomBytes(12).toString('hex')}`;
      append(env['GITHUB_OUTPUT'], `${name}<<${end}\n${value}\n${end}\n`);
    },
    summarize: (markdown) => append(env['GITHUB_STEP_SUMMARY'], markdown),
    mask(secret) {
      for (const line of secret.split('\n'))
        if (line.trim() !== '') write(`::add-mask::${line.replaceAll('%', '%25')}\n`);
    },
  };
}
