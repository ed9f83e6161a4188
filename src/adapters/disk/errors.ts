import { DiskError } from '../../ports/disk.js';

const noSpace = new Set(['ENOSPC', 'EDQUOT']);
const denied = new Set(['EACCES', 'EPERM', 'EROFS']);

export function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

/**
 * What the system said, in the words of the port. The message names the file relative to the folder
 * and the system's code, nothing else. An error without a code is a bug, and stays what it is.
 */
export function diskError(error: unknown, verb: string, file: string): unknown {
  const code = codeOf(error);
  if (code === null || error instanceof DiskError) return error;
  const reason = noSpace.has(code) ? 'noSpace' : denied.has(code) ? 'denied' : 'io';
  return new DiskError(reason, `${verb} ${file}: ${code}`);
}
