import type { Revision } from '../../core/base/names.js';
import { mainRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import type { Model } from './model.js';
import { textsOf } from './texts.js';

/** People take over what a controller commits to the branch that they work on. */
export function pulls(stage: Stage): Watcher {
  return {
    swapped(ref, from, to, by) {
      if (ref !== mainRef || by === null || from === null || to === null) return;
      const back = new Map<string, Model>();
      for (const [path, content] of stage.world.repository.changes(from, to)) {
        const name = /^solutions\/(.+)\.yaml$/.exec(path)?.[1];
        const model = name === undefined ? null : writtenIn(stage, to, path, content);
        if (name === undefined || model === null)
          return stage.world.violate(16, `a controller wrote ${path}, which was never like that: ${content}`);
        back.set(name, model);
      }
      stage.author.pull(to as Revision, from as Revision, back);
      stage.hint();
    },
  };
}

/** The latest commit in which people wrote the file like that. */
function writtenIn(
  { world, author }: Stage,
  tip: string,
  path: string,
  content: string | null,
): Model | null {
  for (const { oid } of world.repository.firstParents(tip)) {
    const known = author.expectations.of(oid);
    if (known !== null && (textsOf(known.model).get(path) ?? null) === content) return known.model;
  }
  return null;
}
