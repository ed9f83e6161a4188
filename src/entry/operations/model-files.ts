/** Everything that a commit of the model may consist of. */
export function isModelFile(path: string): boolean {
  return path.endsWith('.yaml') || path.endsWith('.yml');
}
