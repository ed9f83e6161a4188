import type { Incarnation } from '../incarnation.js';
import type { Installation } from '../installation.js';
import type { Random } from '../random.js';
import type { Stage } from '../stage.js';
import type { ActKind } from './script.js';

const second = 1_000;
const hour = 3_600 * second;

/** Something happens to a controller or to its machine. */
export function strikeProcess(stage: Stage, kind: ActKind, random: Random): void {
  const { world } = stage;
  const installation = stage.active;
  const running = runningIn(installation);
  switch (kind) {
    case 'process.takeover':
      return takeOver(stage);
    case 'clock.jump':
      world.faults.count('clock.jump');
      installation.machine.wallOffsetMs +=
        random.pick([-1, 1]) * random.pick([second, 60 * second, hour, 72 * hour]);
      return;
    case 'process.killTwice':
      return killTwice(stage, installation, random);
    case 'disk.flipBit':
      installation.kill('process');
      if (installation.machine.disk.flipBit(random)) world.faults.count('disk.flippedBit');
      return;
    case 'disk.lose':
      installation.kill('process');
      installation.machine.disk.clear();
      return world.change(`lost the state of ${installation.options.name}`);
    default:
  }
  if (running === null) return;
  switch (kind) {
    case 'process.kill':
    case 'process.powerCut':
      world.faults.count('process.crash');
      return installation.kill(kind === 'process.kill' ? 'process' : 'power');
    case 'process.pause':
      world.faults.count('process.pause');
      running.pausedUntil = world.now + random.pick([second, 30 * second, 300 * second, hour]);
      return;
    case 'process.shutdown':
      running.engine?.core.inbox.push({
        kind: 'request',
        request: { verb: 'shutdown' },
        answer: (reply) => world.note(JSON.stringify(reply)),
      });
      return;
    default:
  }
}

function runningIn({ current }: Installation): Incarnation | null {
  return current === null || current.dead ? null : current;
}

/** Killed, and killed again while it reads what it left. */
function killTwice({ world }: Stage, installation: Installation, random: Random): void {
  if (runningIn(installation) === null) return;
  world.faults.count('process.crash');
  const how = random.pick(['process', 'power'] as const);
  const first = installation.current;
  installation.kill(how, 0);
  let events = random.between(1, 25);
  const again = (): void => {
    const next = runningIn(installation);
    if (next === null ? world.now - from > hour : next.engine !== null) return;
    if (next === null || next === first || --events > 0)
      return void world.schedule(world.now + world.latency('kill again'), 0, again);
    world.faults.count('process.crashInRecovery');
    installation.kill(how, 0);
  };
  const from = world.now;
  world.schedule(world.now, 0, again);
}

/** A person lets the other installation take the domain, whatever the first one does. */
function takeOver(stage: Stage): void {
  const [one, other] = stage.installations;
  const next = stage.active === one ? other : one;
  stage.world.faults.count('process.leaseLost');
  next.on(true);
}
