/**
 * JSON whose every character is ASCII, what is beyond it escaped. One character is one byte then, so
 * lengths are known without encoding, and a byte above 127 in a journal can only be damage.
 */
export function asciiJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Most text is plain: looking first is cheaper than replacing always.
  return beyondAscii.test(text) ? text.replace(allBeyondAscii, escape) : text;
}

const beyondAscii = /[\u0080-\uffff]/;
const allBeyondAscii = /[\u0080-\uffff]/g;

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Text of `bytes[from, to)`, one character a byte. */
export function asciiText(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  // In pieces, because a call takes only so many arguments.
  for (let at = from; at < to; at += 8192) {
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(at, Math.min(at + 8192, to)) as unknown as number[],
    );
  }
  return text;
}
