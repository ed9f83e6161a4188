import type { Brand } from './brand.js';

/** Text that went through the redactor: the only kind that a sink (journal, log, status, page) takes. */
export type SafeText = Brand<string, 'SafeText'>;

export type Redactor = (text: string) => SafeText;

const mask = '[redacted]';

/** Text of our own making, with nothing foreign in it. */
export function safe(text: string): SafeText {
  return text as SafeText;
}

/**
 * A redactor for these secret values. Values shorter than 4 characters are left alone:
 * masking each `1` of a log would hide the log, not the secret.
 */
export function redactorOf(secrets: Iterable<string>): Redactor {
  const values = [...new Set([...secrets].flatMap((secret) => forms(secret)))]
    .filter((value) => value.length >= 4)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of values) if (clean.includes(value)) clean = clean.split(value).join(mask);
    return clean as SafeText;
  };
}

/** All of them, one after the other. */
export function redactorsOf(redactors: readonly Redactor[]): Redactor {
  return (text) => redactors.reduce((clean, redact) => redact(clean), text as SafeText);
}

/** As written, and as it shows up in JSON and in URLs; a value of several lines also line by line. */
function forms(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 8);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...lines];
}
