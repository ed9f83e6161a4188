// Checks both TypeScript projects at once. A project without files yet is not an error.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './lib/root.mjs';

const NO_INPUTS = 'error TS18003';

function check(project) {
  return new Promise((resolve) => {
    const tsc = spawn(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        '-p',
        project,
        '--pretty',
        String(!!process.stdout.isTTY),
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    tsc.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    tsc.on('close', (code) => resolve({ ok: code === 0 || output.includes(NO_INPUTS), output }));
  });
}

const results = await Promise.all(['tsconfig.json', 'tsconfig.core.json'].map(check));
for (const { ok, output } of results) if (!ok) process.stdout.write(output);
process.exitCode = results.every((result) => result.ok) ? 0 : 1;
