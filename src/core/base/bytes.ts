/** Text ↔ bytes without the platform's encoders, so that the core runs the same everywhere. */
export function utf8(text: string): Uint8Array {
  return ascii(text) ?? anyUtf8(text);
}

/** Nearly all that is ever digested is plain ASCII, where a code unit is a byte. */
function ascii(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return null;
    bytes[i] = unit;
  }
  return bytes;
}

function anyUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePoint(text, i);
    if (point > 0xffff) i++;
    if (point < 0x80) bytes[at++] = point;
    else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
      bytes[at++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
      bytes[at++] = 0x80 | ((point >> 6) & 63);
      bytes[at++] = 0x80 | (point & 63);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 63);
      bytes[at++] = 0x80 | ((point >> 6) & 63);
      bytes[at++] = 0x80 | (point & 63);
    }
  }
  return bytes;
}

/** A lone surrogate becomes U+FFFD, as the platform's encoder does. */
function codePoint(text: string, i: number): number {
  const point = text.codePointAt(i) ?? 0xfffd;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePoint(text, i);
    if (point > 0xffff) i++;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Returns null where the bytes are not valid UTF-8 (overlong forms and surrogates included). */
export function fromUtf8(bytes: Uint8Array): string | null {
  let text = '';
  let at = 0;
  // Nearly all of it is plain ASCII, where a byte is a code unit and a whole piece is taken at once.
  for (let end = asciiEnd(bytes, at); end > at; end = asciiEnd(bytes, at)) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, end) as unknown as number[]);
    at = end;
  }
  const rest = at === bytes.length ? '' : anyFromUtf8(bytes, at);
  return rest === null ? null : text + rest;
}

/** A call takes only so many arguments. */
const pieceLength = 8192;

function asciiEnd(bytes: Uint8Array, from: number): number {
  const limit = Math.min(from + pieceLength, bytes.length);
  let end = from;
  while (end < limit && (bytes[end] as number) < 0x80) end++;
  return end;
}

function anyFromUtf8(bytes: Uint8Array, from: number): string | null {
  let text = '';
  let run: number[] = [];
  for (let i = from; i < bytes.length;) {
    const head = bytes[i++] as number;
    const more =
      head < 0x80
        ? 0
        : head >= 0xc2 && head < 0xe0
          ? 1
          : head >= 0xe0 && head < 0xf0
            ? 2
            : head >= 0xf0 && head < 0xf5
              ? 3
              : -1;
    if (more < 0 || i + more > bytes.length) return null;
    let point = more === 0 ? head : head & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = bytes[i++] as number;
      if ((next & 0xc0) !== 0x80) return null;
      point = (point << 6) | (next & 63);
    }
    if ((more === 2 && point < 0x800) || (more === 3 && point < 0x10000) || point > 0x10ffff) return null;
    if (point >= 0xd800 && point <= 0xdfff) return null;
    run.push(point);
    if (run.length >= 4096) {
      text += String.fromCodePoint(...run);
      run = [];
    }
  }
  return text + String.fromCodePoint(...run);
}
