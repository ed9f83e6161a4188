import type { Finding, Measured, Peer } from './finding.js';
import { isMet, ratioOf } from './finding.js';

const head = ['work', 'Heliostat', 'peer', 'ratio', 'goal', 'met'];

/** Rows of text, the first one the head. */
export function tableRows(findings: readonly Finding[]): string[][] {
  return [
    head,
    ...findings.map((finding) => [
      finding.work,
      measuredText(finding.ours),
      finding.peer === null ? '–' : peerText(finding.peer),
      ratioText(ratioOf(finding)),
      finding.goal.text,
      metText(isMet(finding)),
    ]),
  ];
}

export function markdownTable(findings: readonly Finding[]): string {
  const [first = [], ...rows] = tableRows(findings);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(first), line(first.map(() => '---')), ...rows.map(line)].join('\n');
}

export function textTable(findings: readonly Finding[]): string {
  const rows = tableRows(findings);
  const widths = head.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function measuredText({ value, unit, memoryMb }: Measured): string {
  const amount = unit === 'ms' ? timeText(value) : `${Math.round(value).toLocaleString('en-US')}/s`;
  return memoryMb === undefined ? amount : `${amount}, ${Math.round(memoryMb)} MB`;
}

function peerText(peer: Peer): string {
  return `${peer.name} ${measuredText(peer)}${peer.inThisRun ? '' : ' (recorded)'}`;
}

export function timeText(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 1_000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : ms >= 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(2)} ms`;
}

function ratioText(ratio: number | null): string {
  if (ratio === null) return '–';
  return ratio >= 1 ? `${short(ratio)}× faster` : `${short(1 / ratio)}× slower`;
}

function short(ratio: number): string {
  return ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}

function metText(met: boolean | null): string {
  return met === null ? '–' : met ? 'yes' : 'no';
}
