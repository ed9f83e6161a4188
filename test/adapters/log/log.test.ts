import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLog } from '../../../src/adapters/log/log.js';
import { safe } from '../../../src/core/base/safe-text.js';

const folder = mkdtempSync(join(tmpdir(), 'heliostat-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the log', () => {
  it('is appended to a file, a JSON object a line, from its level upwards', async () => {
    const file = join(folder, 'deep/controller.log');
    for (const round of [1, 2]) {
      const { log, close } = await openLog({ level: 'info', file });
      log.write('debug', safe('not shown'));
      log.write('warn', safe('look here'), { round });
      await close();
    }
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

    expect(lines).toMatchObject([
      { level: 40, msg: 'look here', round: 1 },
      { level: 40, msg: 'look here', round: 2 },
    ]);
  });

  it('takes nothing more once it is closed: what ends late must not bring the end down', async () => {
    const { log, close } = await openLog({ level: 'info', file: join(folder, 'closed.log') });
    await close();
    expect(() => log.write('warn', safe('too late'))).not.toThrow();
  });

  it('is a readable line for people, which foreign text cannot break', async () => {
    const written: string[] = [];
    const { log } = await openLog({
      level: 'debug',
      file: null,
      out: { write: (text) => written.push(text) },
    });
    log.write('error', safe('it \u001b[31mfailed\u0007'), { where: 'shop/api\u001b[2J' });

    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\d\d:\d\d:\d\d error it failed  where=shop\/api\n$/);
  });
});
