import type { Diagnostic } from '../base/diagnostic.js';
import { pointerOf } from '../model/locate.js';
import { diagnose } from '../model/source.js';
import { didYouMean } from '../model/suggest.js';
import { isParameter } from './configure.js';
import type { Edits } from './edits.js';
import type { Change } from './change.js';
import type { SolutionRecord } from './model.js';
import type { View } from './view.js';

const defaultElementLimit = 500;

/** What concerns a solution as a whole: how large it is, and configuration that nobody in it knows. */
export function checkSolution(edits: Edits, change: Change, name: string): void {
  const record = edits.solutions.get(name);
  if (record === undefined) return;
  edits.touched++;
  const reads = new Set<string>();
  const diagnostics = [
    ...checkSize(record, change.domain.document.limits?.elementsPerSolution ?? defaultElementLimit),
    ...checkConfiguration(record, edits.view(reads)),
  ];
  const sorted = [...reads].sort();
  edits.readers.move(`=${name}`, record.reads, sorted);
  edits.solutions.set(name, { ...record, reads: sorted });
  edits.fileTrouble(`solution:${name}`, name, diagnostics);
}

function checkSize(record: SolutionRecord, limit: number): readonly Diagnostic[] {
  const count = record.elements.length;
  if (count <= limit) return [];
  const finding = {
    code: 'solution.tooLarge',
    message: `solution ${record.name} has ${count} elements, and ${limit} is the limit`,
    fix: 'Split it into several solutions, or raise limits.elementsPerSolution in heliostat.yaml.',
    aspect: 'key',
  } as const;
  return [diagnose(record.source, '/elements', finding)];
}

/** A key has to be a parameter of at least one component of the solution. */
function checkConfiguration(record: SolutionRecord, view: View): readonly Diagnostic[] {
  const { document, source } = record;
  const keys = Object.keys(document?.configuration ?? {});
  // Nor can anybody tell what a broken element would know.
  if (document === null || keys.length === 0 || record.broken.size > 0) return [];
  const known = new Set<string>();
  const unknown = new Set(keys);
  for (const element of Object.values(document.elements ?? {})) {
    const versions = element.version === undefined ? Object.keys(element.clusters ?? {}) : [element.version];
    for (const version of versions) {
      const parameters = view.release(element.component, version)?.body?.parameters;
      // Of a release that is missing or broken nobody can tell what it would know.
      if (parameters === undefined) return [];
      for (const key of parameters.properties.keys()) known.add(key);
      for (const key of unknown) if (isParameter(parameters, key)) unknown.delete(key);
    }
  }
  return [...unknown].map((key) =>
    diagnose(source, pointerOf('configuration', key), {
      code: 'configuration.unknown',
      message: `no component of solution ${record.name} has a parameter "${key}"${didYouMean(key, known)}`,
      fix:
        known.size === 0
          ? `Remove ${key}.`
          : `Use ${[...known].sort().slice(0, 20).join(', ')}, or remove it.`,
      aspect: 'key',
    }),
  );
}
