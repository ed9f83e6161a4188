import { Option, type Command } from 'commander';
import type { InitOptions } from '../verbs/init.js';
import type { PlanOptions } from '../verbs/plan.js';
import type { ValidateOptions } from '../verbs/validate.js';
import { verb, type Act } from './verb.js';

/** Verbs that read or write a model, and touch nothing that runs. */
export function declareModelVerbs(program: Command, act: Act): void {
  declareInit(program, act);
  declareValidate(program, act);
  declarePlan(program, act);
  declareGraph(program, act);
  declareExplain(program, act);
}

function declareInit(program: Command, act: Act): void {
  verb(program, {
    usage: 'init [DIR]',
    summary: 'Write a model repository that works at once',
    description:
      'Writes a small model with short times, schemas that let editors complete and explain it, and begins a Git repository where there is none. Overwrites nothing, commits nothing unless told.',
    examples: [
      ['heliostat init shop && cd shop', 'a new folder'],
      ['heliostat init --hook', 'here, with a pre-commit hook that validates'],
    ],
  })
    .option('--hook', 'add a pre-commit hook that runs "heliostat validate --staged"')
    .option('--commit', 'commit what was written')
    .action((dir: string | undefined, options: InitOptions) =>
      act(async (context) => (await import('../verbs/init.js')).init(context, dir, options)),
    );
}

function declareValidate(program: Command, act: Act): void {
  verb(program, {
    usage: 'validate [REV]',
    summary: 'Say everything that is wrong with the model',
    description:
      'Reads the work tree where there is one, else HEAD; or the commit REV. Each mistake comes with its place and how to mend it.',
    exits: '0 valid, 3 not valid',
    examples: [
      ['heliostat validate', 'the work tree'],
      ['heliostat validate --staged', 'what the next commit would hold'],
      ['heliostat validate HEAD --format github', 'annotations in a workflow'],
    ],
  })
    .option('--staged', 'read what is staged')
    .option('--from <REV>', 'leave out mistakes that REV already had (default: the first parent)')
    .addOption(new Option('--format <FORMAT>', 'how to say it').choices(['text', 'json', 'github']))
    .action((revision: string | undefined, options: ValidateOptions) =>
      act(async (context) => (await import('../verbs/validate.js')).validate(context, revision, options)),
    );
}

function declarePlan(program: Command, act: Act): void {
  verb(program, {
    usage: 'plan [REV]',
    summary: 'Show what would change, and how the rollout would go',
    description:
      'Reads the work tree where there is one, else HEAD; or the commit REV. Has no side effect, ever.',
    exits: '0 nothing to do, 2 something would change, 3 rejected',
    examples: [
      ['heliostat plan', 'the work tree against what runs'],
      ['heliostat plan HEAD --from HEAD~3', 'what three commits change'],
      ['heliostat plan --format mermaid', 'the rollout as a diagram, to be put into Markdown'],
      ['heliostat plan --json | jq .summary', 'for a program'],
    ],
  })
    .option('--from <REV>', 'compare with this revision instead of what runs')
    .option('--no-preview', 'leave out how the rollout would go')
    .addOption(
      new Option('--format <FORMAT>', 'how to show it (default: text)').choices(['text', 'mermaid', 'json']),
    )
    .action((revision: string | undefined, options: PlanOptions) =>
      act(async (context) => (await import('../verbs/plan.js')).plan(context, revision, options)),
    );
}

function declareGraph(program: Command, act: Act): void {
  verb(program, {
    usage: 'graph [REV]',
    summary: 'Draw what uses what and what runs on what',
    examples: [
      ['heliostat graph', 'Mermaid, to be put into Markdown'],
      ['heliostat graph --format dot | dot -Tsvg > graph.svg', 'a picture by Graphviz'],
    ],
  })
    .addOption(
      new Option('--format <FORMAT>', 'how to draw it (default: mermaid)').choices([
        'mermaid',
        'dot',
        'json',
      ]),
    )
    .action((revision: string | undefined, options: { format?: 'mermaid' | 'dot' | 'json' }) =>
      act(async (context) => (await import('../verbs/look.js')).graph(context, revision, options)),
    );
}

function declareExplain(program: Command, act: Act): void {
  verb(program, {
    usage: 'explain <TARGET|CODE>',
    summary: 'Explain a configuration value by value, or what a diagnostic means',
    examples: [
      ['heliostat explain shop/api', 'its configuration, and the line behind each value'],
      ['heliostat explain yaml.duplicateKey', 'what it means and how to mend it'],
    ],
  }).action((subject: string) =>
    act(async (context) => (await import('../verbs/explain.js')).explain(context, subject)),
  );
}
