import { utf8 } from '../../core/base/bytes.js';
import type { Life } from '../life.js';
import { plantedSecret } from '../ports/ports.js';
import { mainRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** 19. A secret stands in nothing that we write or say. */
export function secretsKept({ world }: Stage): Watcher {
  const planted = utf8(plantedSecret);
  const look = (text: string, where: string): void => {
    if (text.includes(plantedSecret)) world.violate(19, `the planted secret stands in ${where}`);
  };
  const lookAt = (incarnation: Life): void => {
    const { machine, failure, booted, engine, number } = incarnation;
    for (const [name, bytes] of machine.disk.contents())
      if (contains(bytes, planted)) world.violate(19, `the planted secret stands in ${name}`);
    look(failure instanceof Error ? `${failure.message}\n${failure.stack}` : String(failure), 'an error');
    if (booted?.ok === false) look(`${booted.message}\n${booted.fix}`, `the refusal of ${number}`);
    look(engine?.stoppedBecause ?? '', `why ${number} stopped`);
  };
  return {
    recorded: (_incarnation, { stream, sequence, entry }) =>
      look(JSON.stringify(entry), `record ${sequence} of ${stream}`),
    telling: (_incarnation, { verb, place, text }) => look(text, `${verb} of ${place} on the forge`),
    logged: (_incarnation, text) => look(text, `a line of the log: ${text.replaceAll(plantedSecret, '…')}`),
    swapped(ref, from, to, by) {
      if (by === null || to === null || ref === mainRef) return;
      const commit = world.repository.commits.get(to);
      look(`${commit?.subject ?? ''}\n${commit?.body ?? ''}`, `the message of ${to} on ${ref}`);
      for (const [path, content] of world.repository.changes(from, to))
        look(content ?? '', `${path} of ${ref}`);
    },
    died: lookAt,
    ended: () => world.incarnations.filter(({ dead }) => !dead).forEach(lookAt),
  };
}

function contains(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] as number;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length++;
    if (length === wanted.length) return true;
  }
  return false;
}
