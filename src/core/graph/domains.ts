import type { Diagnostic } from '../base/diagnostic.js';
import type { DomainName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import { diagnose, type SourceFile } from '../model/source.js';
import type { DomainFile } from './model.js';

export const domainFileName = 'heliostat.yaml';

export interface FoundDomain {
  readonly folder: string;
  /** Null where the file is broken. */
  readonly name: DomainName | null;
  /** Null where anything is wrong. */
  readonly domain: DomainFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The domains of a repository, by folder: one for each `heliostat.yaml`. */
export function findDomains(files: ReadonlyMap<string, SourceFile>): readonly FoundDomain[] {
  const found = [...files.values()]
    .map((source) => ({ source, folder: folderOf(source.path), document: domainOf(source) }))
    .sort((a, b) => byCodeUnit(a.folder, b.folder));
  return found.map(({ source, folder, document }): FoundDomain => {
    const diagnostics = [...source.diagnostics];
    const above = found.find((other) => isBelow(folder, other.folder) || isBelow(other.folder, folder));
    if (above !== undefined) {
      diagnostics.push(
        diagnose(source, '', {
          code: 'domain.nested',
          message: `domain ${shown(folder)} and domain ${shown(above.folder)} lie one inside the other`,
          fix: 'Move one of them into a folder of its own, such as envs/prod.',
        }),
      );
    }
    const twin = found.find(
      (other) => other.folder !== folder && document !== null && other.document?.name === document.name,
    );
    if (twin !== undefined && document !== null) {
      diagnostics.push(
        diagnose(source, '/name', {
          code: 'domain.duplicate',
          message: `domain ${document.name} is described in ${source.path} and in ${twin.source.path}`,
          fix: 'Give one of them another name.',
        }),
      );
    }
    const wrong = document === null || diagnostics.some((diagnostic) => diagnostic.severity === 'error');
    const name = (document?.name ?? null) as DomainName | null;
    return {
      folder,
      name,
      domain: wrong || name === null ? null : { name, folder, source, document },
      diagnostics,
    };
  });
}

function domainOf(source: SourceFile) {
  return source.document?.kind === 'Domain' ? source.document : null;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function isBelow(folder: string, above: string): boolean {
  return folder !== above && (above === '' || folder.startsWith(`${above}/`));
}

function shown(folder: string): string {
  return folder === '' ? 'at the root' : folder;
}
