import type { Finding } from './finding.js';
import { markdownTable } from './table.js';

export interface Circumstances {
  readonly node: string;
  readonly cores: number;
  readonly processor: string;
  readonly git: string;
  /** Null where Terraform's recorded figures stand. */
  readonly terraform: string | null;
  readonly quick: boolean;
  /** Load of the machine at the beginning and the end: above the number of cores others were measured, too. */
  readonly load: readonly [number, number];
}

/** `docs/performance.md`. */
export function performanceDocument(findings: readonly Finding[], of: Circumstances): string {
  const notes = findings.flatMap(({ work, note }) => (note === undefined ? [] : [`- ${work}: ${note}.`]));
  return `# Performance

Written by \`npm run bench -- --write\`; do not edit. Each row stands beside a peer that does the same work, measured in
the same run on the same machine, so read the ratios. Times are medians, memory is the peak of the whole process tree.

${circumstancesText(of)}

${markdownTable(findings)}

## What the rows mean

The model: elements of the provider \`noop\`, which runs nothing, 50 a solution file, healthy at once, every waiting
time 0. *Layered*: 50 wide, each element uses two or three of the layer before, some of them in other solutions.
*Commit to applied* begins when the branch has moved and ends when the verdict is durable in the journal. *Ready*: the
journal is folded, the accepted model is loaded and every instance was observed once. *Recorded* figures of a peer were
measured on another day on two cores: it was not installed, or it takes minutes (\`--terraform\` measures it). An
*interval* is what the documentation of the peer gives: the longest wait of whoever looks by itself.

${notes.join('\n')}

\`npm run bench -- --quick\` takes a few minutes, \`--only NAME\` measures one row, \`--list\` names them.
`;
}

export function circumstancesText({
  node,
  cores,
  processor,
  git,
  terraform,
  quick,
  load,
}: Circumstances): string {
  const peers = [`Node ${node}`, git, terraform ?? 'Terraform not installed'].join(', ');
  const noise =
    Math.max(...load) > cores
      ? ` Others were using the machine (load ${load.map((value) => value.toFixed(1)).join(' to ')}): times are longer than on a quiet one.`
      : '';
  return `${cores} cores of ${processor}; ${peers}.${quick ? ' A quick run, with few repetitions.' : ''}${noise}`;
}
