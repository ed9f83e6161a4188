// Loaded into the program by NODE_OPTIONS: what it cost, by the kernel's own count, written when it ends.
import { writeFileSync } from 'node:fs';

const file = process.env.HOSTILE_COST;
if (file !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(file, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakKb: maxRSS }));
  });
}
