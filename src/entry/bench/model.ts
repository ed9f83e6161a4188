/** The shape of a generated model repository. */
export interface ModelShape {
  readonly elements: number;
  readonly layout: 'independent' | 'layered';
  /** Elements a solution file; 50 if not given. */
  readonly perFile?: number;
  /** Instances of each element; 1 if not given. */
  readonly size?: number;
}

/** One element of a generated model, and where it stands. */
export interface ModelElement {
  readonly name: string;
  readonly solution: string;
  /** Indexes of the elements that it uses. */
  readonly uses: readonly number[];
}

/** Elements of one layer. */
export const layerWidth = 50;
/** All releases of the one component; an element is changed by raising it to the next. */
export const versions = ['1.0.0', '1.1.0'] as const;
export type ModelVersion = (typeof versions)[number];

const relationshipNames = ['first', 'second', 'third'] as const;

/**
 * The element at an index. Layered: it uses two or three elements of the layer before, and a solution file holds
 * half of the width of two layers, so that some of these lie in its own solution and some in others.
 */
export function modelElement(shape: ModelShape, index: number): ModelElement {
  const layer = Math.floor(index / layerWidth);
  const column = index % layerWidth;
  const uses: number[] = [];
  if (shape.layout === 'layered' && layer > 0) {
    for (let nth = 0; nth < 2 + (index % 2); nth++)
      uses.push((layer - 1) * layerWidth + ((column + nth * 7) % layerWidth));
  }
  return { name: `e${padded(index)}`, solution: `s${padded(fileIndex(shape, index))}`, uses };
}

function fileIndex(shape: ModelShape, index: number): number {
  const perFile = shape.perFile ?? 50;
  if (shape.layout === 'independent' || perFile !== layerWidth) return Math.floor(index / perFile);
  const layer = Math.floor(index / layerWidth);
  return Math.floor(layer / 2) * 2 + (index % layerWidth < layerWidth / 2 ? 0 : 1);
}

function padded(number: number): string {
  return String(number).padStart(6, '0');
}

/** Path → text of a whole model repository on the provider `noop`, with every waiting time 0. */
export function modelFiles(shape: ModelShape): Map<string, string> {
  const files = new Map([['heliostat.yaml', domainFile]]);
  for (const version of versions) files.set(`catalog/part/${version}.yaml`, componentFile(version));
  const members = new Map<string, number[]>();
  for (let index = 0; index < shape.elements; index++) {
    const { solution } = modelElement(shape, index);
    const list = members.get(solution);
    if (list === undefined) members.set(solution, [index]);
    else list.push(index);
  }
  for (const [solution, indexes] of members) {
    const lines = indexes.map((index) => elementLine(shape, index, versions[0]));
    files.set(solutionPath(solution), solutionFile(solution, lines));
  }
  return files;
}

/** The solution file of an element, with this one element at another version. */
export function changedFile(
  shape: ModelShape,
  files: ReadonlyMap<string, string>,
  index: number,
  version: ModelVersion,
): { readonly path: string; readonly text: string } {
  const element = modelElement(shape, index);
  const path = solutionPath(element.solution);
  const line = new RegExp(`^  ${element.name}: .*$`, 'm');
  const text = (files.get(path) ?? '').replace(line, () => elementLine(shape, index, version));
  return { path, text };
}

function solutionPath(solution: string): string {
  return `solutions/${solution}.yaml`;
}

function solutionFile(solution: string, lines: readonly string[]): string {
  return `apiVersion: heliostat/v1\nkind: Solution\nname: ${solution}\nelements:\n${lines.join('\n')}\n`;
}

function elementLine(shape: ModelShape, index: number, version: ModelVersion): string {
  const { name, solution, uses } = modelElement(shape, index);
  const relationships = uses.map((provider, nth) => {
    const other = modelElement(shape, provider);
    const target =
      other.solution === solution ? other.name : `{ element: ${other.name}, solution: ${other.solution} }`;
    return `${relationshipNames[nth] ?? ''}: ${target}`;
  });
  const more = relationships.length === 0 ? '' : `, relationships: { ${relationships.join(', ')} }`;
  return `  ${name}: { component: part, version: ${version}, size: ${shape.size ?? 1}${more} }`;
}

const domainFile = `apiVersion: heliostat/v1
kind: Domain
name: bench
defaults:
  rollout: { minHealthyTime: 0s, drainDelay: 0s }
limits: { elementsPerSolution: 10000 }
`;

function componentFile(version: string): string {
  const dependencies = relationshipNames.map(
    (name) => `  ${name}: { type: service, component: part, version: ">=1.0 <2", optional: true }`,
  );
  return `apiVersion: heliostat/v1
kind: Component
name: part
version: ${version}
provider: noop
parameters:
  type: object
  properties:
    label: { type: string, default: a }
configuration: { label: "\${configuration.label}" }
dependencies:
${dependencies.join('\n')}
endpoint: { url: "noop://part" }
`;
}
