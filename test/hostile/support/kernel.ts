import { readFileSync, writeFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** What the kernel says of a process: processor time so far, and the most memory that it ever had. */
export function usageOf(pid: number): { readonly cpuMs: number; readonly peakKb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return { cpuMs: (ticks * 1_000) / ticksPerSecond, peakKb: Number(peak?.[1] ?? 0) };
}

/** As `usageOf`, and the most memory is told anew from here on, so that each input answers for its own. */
export function usageFromNow(pid: number): ReturnType<typeof usageOf> {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return usageOf(pid);
}
