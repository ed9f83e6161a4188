/** Raised when a key goes or changes its meaning; new keys do not raise it. */
export const schemaVersion = 1;

/** C1 controls and invisible characters are legal in JSON, and yet a terminal obeys them. */
const deceptive = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A document for programs, indented, with a line end. */
export function jsonDocument(content: object): string {
  return `${clean(JSON.stringify({ schemaVersion, ...content }, null, 2))}\n`;
}

/** One of several documents, each on a line of its own. */
export function jsonLine(content: object): string {
  return `${clean(JSON.stringify({ schemaVersion, ...content }))}\n`;
}

function clean(json: string): string {
  return json.replace(deceptive, (character) =>
    [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

export function errorJson(failure: { code: string; message: string; fix: string }): string {
  const { code, message, fix } = failure;
  return jsonDocument({ error: { code, message, fix } });
}
