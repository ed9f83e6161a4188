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
        const model = name === undefined ? null : writtenIn(stage, path, content);
        if (name === undefined || model === null)
          return stage.world.violate(16, `a controller wrote ${path}, which was never like that: ${content}`);
        back.set(name, model);
      }
      stage.author.pull(to as Revision, from as Revision, back);
      stage.hint();
    },
  };
}

/** The latest commit in which people wrote the file like that; a branch that was forced since may not have it any more. */
export function writtenIn({ author }: Stage, path: string, content: string | null): Model | null {
  const known = [...author.expectations.all()].reverse();
  return known.find(({ model }) => (textsOf(model).get(path) ?? null) === content)?.model ?? null;
}
