/**
 * Foreign text without what a terminal would obey: escape sequences are left out, other control characters
 * (a tab and a line break aside) become spaces, and so do those that turn the direction of writing.
 */
export function plainText(text: string): string {
  let plain = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isUnsafe(text.charCodeAt(i))) continue;
    plain += text.slice(from, i);
    const end = endOfSequence(text, i);
    if (end === i + 1) plain += ' ';
    from = end;
    i = end - 1;
  }
  return plain + text.slice(from);
}

function isUnsafe(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a;
  return (
    (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
  );
}

/** Behind a CSI sequence (ECMA-48, 5.4) that begins here; else behind the one character. */
function endOfSequence(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x1b || text[start + 1] !== '[') return start + 1;
  for (let i = start + 2; i < text.length && i < start + 64; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x40 && code <= 0x7e) return i + 1;
    if (code < 0x20 || code > 0x3f) break;
  }
  return start + 1;
}
