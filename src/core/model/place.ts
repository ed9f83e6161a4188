import type { KindDocument } from './kinds.js';
import type { Mistake } from './problems.js';
import { quoted } from './quote.js';

/** Where people look for such a file: a convention, since what stands in the file decides. */
export function expectedPath(document: KindDocument, folder: string): string {
  const prefix = folder === '' ? '' : `${folder}/`;
  switch (document.kind) {
    case 'Domain':
      return `${prefix}heliostat.yaml`;
    case 'Component':
      return `${prefix}catalog/${document.name}/${document.version}.yaml`;
    case 'Solution':
      return `${prefix}solutions/${document.name}.yaml`;
  }
}

/** The warning for a file in an unexpected place, or null. */
export function placeMistake(document: KindDocument, file: string, folder: string): Mistake | null {
  const expected = expectedPath(document, folder);
  if (file === expected) return null;
  return {
    code: 'file.place',
    message: `${quoted(file)} is not where one looks for ${document.kind} ${document.name}`,
    fix: `Move it to ${expected}.`,
  };
}
