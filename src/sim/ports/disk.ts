import { DiskError, type Disk } from '../../ports/disk.js';
import type { Incarnation } from '../incarnation.js';

/** The state folder of its machine, as one incarnation has it. */
export function diskPort(incarnation: Incarnation): Disk {
  const { world, machine } = incarnation;
  const { disk } = machine;
  const { faults } = world;
  const call = <T>(verb: string, file: string, run: () => T): Promise<T> =>
    incarnation.call({
      port: 'disk',
      verb,
      key: file,
      place: 'machine',
      afterMs: world.latency(`disk ${machine.name}`) >> 3,
      run,
    });
  const moment = (verb: string, file: string): string => `${machine.name} ${verb} ${file}`;
  const failFor = (verb: string, file: string): void => {
    if (faults.strikes('disk.noSpace', moment(verb, file)))
      throw new DiskError('noSpace', `${verb} ${file}: no space left on device`);
    if (faults.strikes('disk.io', moment(verb, file)))
      throw new DiskError('io', `${verb} ${file}: input/output error`);
  };
  return {
    append: (file, bytes) =>
      call('append', file, () => {
        try {
          failFor('append', file);
        } catch (error) {
          // A write that fails may have been made in part.
          disk.append(file, bytes.subarray(0, faults.random(moment('part', file)).between(0, bytes.length)));
          throw error;
        }
        disk.append(file, bytes);
      }),
    sync: (file) =>
      call('sync', file, () => {
        if (faults.strikes('disk.failedSync', moment('sync', file))) {
          disk.doom(file);
          throw new DiskError('io', `sync ${file}: input/output error`);
        }
        disk.sync(file);
      }),
    read: (file) =>
      call('read', file, () => {
        if (faults.strikes('disk.io', moment('read', file)))
          throw new DiskError('io', `read ${file}: input/output error`);
        return disk.read(file);
      }),
    replace: (file, bytes) =>
      call('replace', file, () => {
        failFor('replace', file);
        disk.replace(file, bytes);
      }),
    truncate: (file, length) =>
      call('truncate', file, () => {
        failFor('truncate', file);
        disk.truncate(file, length);
      }),
    list: (folder) => call('list', folder, () => disk.list(folder)),
    remove: (file) => call('remove', file, () => disk.remove(file)),
  };
}
