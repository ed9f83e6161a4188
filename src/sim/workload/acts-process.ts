import type { Life } from '../life.js';
import type { Installation } from '../installation.js';
import type { Random } from '../random.js';
import type { Stage } from '../stage.js';
import type { Call } from '../watcher.js';
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
      installation.machine.clear();
      return world.change(`lost the state of ${installation.options.name}`);
    default:
  }
  if (running === null) return;
  switch (kind) {
    case 'process.kill':
      world.faults.count('process.crash');
      return installation.kill('process');
    case 'process.powerCut':
      return powerCut(stage, installation, random);
    case 'process.pause':
      world.faults.count('process.pause');
      world.pause(running, world.now + random.pick([second, 30 * second, 300 * second, hour]));
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

function runningIn({ current }: Installation): Life | null {
  return current === null || current.dead ? null : current;
}

/** At once, or several times between a write to the disk and its sync, where it hurts most. */
function powerCut(stage: Stage, installation: Installation, random: Random): void {
  const strike = (): void => {
    if (runningIn(installation) === null) return;
    stage.world.faults.count('process.crash');
    installation.kill('power');
  };
  if (random.chance(0.2)) return strike();
  let cuts = random.between(2, 6);
  const again = (): void =>
    whenCalled(
      stage,
      (by, { port, verb }) => by.machine === installation.machine && port === 'disk' && verb === 'sync',
      () => {
        strike();
        if (--cuts > 0 && !stage.world.faults.isCalm) again();
      },
    );
  again();
}

/** Killed, and killed again while it reads what it left. */
function killTwice(stage: Stage, installation: Installation, random: Random): void {
  const { world } = stage;
  const first = runningIn(installation);
  if (first === null) return;
  world.faults.count('process.crash');
  const how = random.pick(['process', 'power'] as const);
  const calls = random.between(1, 9);
  installation.kill(how);
  const isRecovering = (by: Life): boolean =>
    by.machine === installation.machine && by.number > first.number && by.engine === null;
  whenCalled(
    stage,
    (by, { number }) => isRecovering(by) && number >= calls,
    () => {
      const next = runningIn(installation);
      if (next === null || !isRecovering(next)) return;
      world.faults.count('process.crashInRecovery');
      installation.kill(how);
    },
  );
}

/** Once, before the first such call from now on has its effect. */
function whenCalled({ world }: Stage, isMeant: (by: Life, call: Call) => boolean, strike: () => void): void {
  let isOver = false;
  world.watchers.push({
    called(by, call) {
      if (isOver || world.faults.isCalm || !isMeant(by, call)) return;
      isOver = true;
      world.schedule(world.now, 0, strike);
    },
  });
}

/** A person lets the other installation take the domain, whatever the first one does. */
function takeOver(stage: Stage): void {
  const [one, other] = stage.installations;
  const next = stage.active === one ? other : one;
  stage.world.faults.count('process.leaseLost');
  next.on(true);
}
