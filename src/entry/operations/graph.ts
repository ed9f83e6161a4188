import { graphView } from '../../core/status/graph.js';
import type { GraphView } from '../../core/status/view.js';
import type { GraphRequest } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { locate } from './place.js';
import type { Read } from './read.js';
import { readDomain } from './read.js';

export async function graph(version: string, request: GraphRequest): Promise<GraphView> {
  const location = await locate(request);
  try {
    const { revision } = request;
    const commit = revision === null ? null : await location.repository.resolve(revision);
    const read = await readDomain(version, location, { revision: commit, asked: revision });
    if (read.desired === null || !read.accepted) throw unusable(read);
    return graphView(read.desired);
  } finally {
    await location.repository.close();
  }
}

/** A picture of what is left after the errors would be a wrong one. */
export function unusable({ diagnostics }: Read): Failure {
  const first = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  const where = first === undefined ? '' : `: ${first.file}:${first.line}: ${first.message}`;
  return new Failure(
    'model.unusable',
    `the model has errors${where}`,
    'See all of them: heliostat validate',
    3,
  );
}
