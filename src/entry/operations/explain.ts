import type { ElementKey } from '../../core/base/names.js';
import { explainElement as explainIn } from '../../core/graph/explain.js';
import type { ExplainRequest, ExplainView } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { unusable } from './graph.js';
import { locate } from './place.js';
import { readDomain } from './read.js';

/** The configuration in effect and where each value was set; of the work tree where there is one. */
export async function explainElement(version: string, request: ExplainRequest): Promise<ExplainView> {
  const location = await locate(request);
  try {
    const read = await readDomain(version, location, { revision: null });
    if (read.model === null) throw unusable(read);
    const key = request.target.split('/').slice(1).join('/') as ElementKey;
    const explained = explainIn(read.model, key);
    if (explained === null)
      throw new Failure(
        'target.unknown',
        `there is no element ${request.target} in the ${read.revision === 'worktree' ? 'work tree' : 'model'}`,
        'See the elements: heliostat graph',
      );
    return { domain: location.domain, explained };
  } finally {
    await location.repository.close();
  }
}
