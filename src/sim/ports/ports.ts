import type { LocatedDocument } from '../../core/model/document.js';
import { readText } from '../../core/model/text.js';
import { redactorOf, safe } from '../../core/base/safe-text.js';
import type { EnginePorts } from '../../engine/ports.js';
import type { Prober } from '../../ports/probe.js';
import type { Reader } from '../../ports/reader.js';
import { clockOf } from '../clock.js';
import type { Incarnation } from '../incarnation.js';
import { diskPort } from './disk.js';
import { forgePort } from './forge.js';
import { gaugeOf } from './gauge.js';
import { providersPort } from './providers.js';
import { repositoryPorts } from './repository.js';

/** Planted: it may stand nowhere but in the memory of a controller and in what a provider is given. */
export const plantedSecret = 'pl4nted-s3cret-value';

/** The world, as one incarnation of a controller has it. */
export function portsOf(incarnation: Incarnation): EnginePorts {
  const { world } = incarnation;
  return {
    clock: clockOf(incarnation),
    disk: diskPort(incarnation),
    ...repositoryPorts(incarnation),
    reader: readerOf(incarnation),
    providers: providersPort(incarnation),
    prober: proberOf(incarnation),
    gauge: gaugeOf(incarnation),
    ...(world.forge === null ? {} : { forge: forgePort(incarnation, world.forge) }),
    secrets: { check: () => 'ok', value: () => plantedSecret },
    log: {
      write(level, message, fields) {
        const line = `${level} ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`;
        world.tell((watcher) => watcher.logged?.(incarnation, line));
      },
    },
    redact: redactorOf([plantedSecret]),
  };
}

function readerOf(incarnation: Incarnation): Reader {
  const known = incarnation.world.host.documents as Map<string, LocatedDocument>;
  const read = (oid: string | null, bytes: Uint8Array): LocatedDocument => {
    if (oid === null) return readText(bytes);
    const located = known.get(oid) ?? readText(bytes);
    known.set(oid, located);
    return located;
  };
  return {
    read: (texts) =>
      incarnation.call({
        port: 'reader',
        verb: 'read',
        key: `${texts.length}`,
        place: 'machine',
        afterMs: 0,
        run: () => texts.map(({ oid, bytes }) => read(oid, bytes)),
      }),
    close: () => Promise.resolve(),
  };
}

function proberOf(incarnation: Incarnation): Prober {
  const { world } = incarnation;
  return {
    probe({ probe, address, port: own }) {
      // A command asks the program itself; whatever else it is asked by has a port.
      const port = probe.kind === 'command' ? own : (probe.port ?? own);
      return incarnation.call({
        port: 'prober',
        verb: 'probe',
        key: `${address}:${port ?? ''}`,
        place: 'elsewhere',
        afterMs: world.latency('probe'),
        run() {
          const answers = world.technology.answersAt(port);
          const good = world.faults.strikes('world.flapping', `probe ${port ?? ''}`) ? !answers : answers;
          return { good, detail: safe(good ? '200' : '503') };
        },
      });
    },
  };
}
