/**
 * isomorphic-git cannot fetch from a server whose HEAD stands for a branch that is not there, as in a bare repository
 * that was made for another name: it looks for HEAD in what the server advertises, and gives up. So such a server is made
 * to say that HEAD is the first reference that it has.
 */
export function withHead(advertised: Buffer): Buffer {
  const first = lineAt(advertised, 0);
  if (first === null || !first.text.startsWith('# service=git-upload-pack')) return advertised;
  // A flush stands between the name of the service and the references.
  const at =
    advertised.subarray(first.end, first.end + 4).toString('latin1') === '0000' ? first.end + 4 : first.end;
  const line = lineAt(advertised, at);
  const found = line === null ? null : /^[0-9a-f]{40} (refs\/\S+)\0/.exec(line.text);
  if (line === null || found === null || line.text.includes(' symref=HEAD:')) return advertised;
  const said = `${line.text.replace(/\n$/, '')} symref=HEAD:${found[1] ?? ''}\n`;
  const length = (Buffer.byteLength(said) + 4).toString(16).padStart(4, '0');
  return Buffer.concat([
    advertised.subarray(0, at),
    Buffer.from(length + said),
    advertised.subarray(line.end),
  ]);
}

/** Of four digits that say how long it is, themselves included. */
function lineAt(bytes: Buffer, at: number): { readonly text: string; readonly end: number } | null {
  const length = parseInt(bytes.subarray(at, at + 4).toString('latin1'), 16);
  if (!(length > 4) || at + length > bytes.length) return null;
  return { text: bytes.subarray(at + 4, at + length).toString('utf8'), end: at + length };
}
