/** Standard output is the log file. Rare events only, never requests: nothing rotates it while we run. */
export function log(event: string, fields: Readonly<Record<string, string | number>> = {}): void {
  const line = JSON.stringify({ time: new Date().toISOString(), pid: process.pid, event, ...fields });
  process.stdout.write(`${line}\n`);
}
