import type { Json } from '../base/data.js';
import { likelyVersion } from '../base/version.js';
import { parseAmount } from './duration.js';
import type { Mistake } from './problems.js';
import { quoted } from './quote.js';

/** A definition of the schemas that a value failed, in words. `written` is how a number stood in the file, if known. */
export function valueMistake(
  definition: string,
  key: string,
  value: Json,
  written: string | null,
): Mistake | null {
  switch (definition) {
    case 'version':
      return versionMistake(value, written);
    case 'range':
      return rangeMistake(value, written);
    case 'duration':
      return durationMistake(key, value);
    case 'amount':
      return amountMistake(key, value);
    case 'size':
      return wholeNumber(key, value, 0, 10_000);
    case 'share':
      return wrong(
        'value.amount',
        `${key} is a whole number from 1 to 10000 or a percentage from 1% to 100%, not ${shownValue(value)}`,
        'Write one such as 1 or 25%.',
      );
    case 'threshold':
      return typeof value === 'object' && value !== null
        ? null
        : wrong(
            'gate.threshold',
            `${shownValue(value)} is not a threshold`,
            'Write a comparison such as "> 0.99", or min and max.',
          );
    case 'count':
      return wholeNumber(key, value, 1, 1000);
    case 'port':
      return wholeNumber(key, value, 1, 65_535);
    case 'exposedPort':
      return {
        ...wholeNumber(key, value, 1, 65_535),
        message: `${key} is a number from 1 to 65535 or auto, not ${shownValue(value)}`,
      };
    case 'urlPath':
      return wrong(
        'schema.value',
        `${key} cannot be ${shownValue(value)}`,
        'Write a path that begins with a slash, such as /healthz.',
      );
    case 'name':
      return nameMistake(key, value, nameRule);
    case 'localName':
      return nameMistake(key, value, 'letters, digits and hyphens, at most 63, beginning with a letter');
    case 'relationship':
      return typeof value === 'string' ? nameMistake(key, value, nameRule) : null;
    default:
      return null;
  }
}

const nameRule = 'lower-case letters, digits and hyphens, at most 63, a letter or digit at both ends';

export function versionMistake(value: Json, written: string | null): Mistake {
  if (typeof value === 'number') {
    const text = written ?? String(value);
    return {
      code: 'version.number',
      message: `YAML reads ${text} as the number ${value}, not as a version`,
      fix: `Write all three parts: ${likelyVersion(text) ?? '1.0.0'}.`,
    };
  }
  if (typeof value !== 'string')
    return wrong('version.invalid', `a version is a text, not ${kindOfValue(value)}`, 'Write 1.0.0.');
  const likely = likelyVersion(value);
  if (/^v[0-9]/i.test(value)) {
    return wrong(
      'version.prefix',
      `a version has no leading "v", as in ${quoted(value)}`,
      `Write ${likely ?? '1.0.0'}.`,
    );
  }
  const fix =
    likely === null
      ? 'Write three numbers, such as 1.0.0.'
      : `Did you mean ${likely}? Write all three numbers.`;
  return wrong('version.invalid', `${quoted(value)} is not a semver version`, fix);
}

export function rangeMistake(value: Json, written: string | null): Mistake {
  if (typeof value === 'number') {
    const text = written ?? String(value);
    const message = `YAML reads ${text} as the number ${value}, not as a range of versions`;
    return wrong('version.number', message, `Put it in quotes: "${text}".`);
  }
  const shown = typeof value === 'string' ? quoted(value) : kindOfValue(value);
  return wrong(
    'version.range',
    `${shown} is not a range of versions`,
    'Write a semver range, such as ">=1.2 <3" or "^1.4.0".',
  );
}

export function durationMistake(key: string, value: Json): Mistake {
  if (typeof value === 'number') {
    return wrong(
      'value.duration',
      `${key} needs a unit: ${value} could be seconds or milliseconds`,
      `Write ${value}s or ${value}ms.`,
    );
  }
  const shown = typeof value === 'string' ? quoted(value) : kindOfValue(value);
  return wrong(
    'value.duration',
    `${shown} is not a length of time`,
    'Write one such as 250ms, 10s, 5m, 1h or 1h30m.',
  );
}

function amountMistake(key: string, value: Json): Mistake {
  const likely = typeof value === 'string' && /^[0-9]+$/.test(value) ? parseAmount(Number(value)) : null;
  const message = `${key} is a whole number from 0 to 10000 or a percentage from 0% to 100%, not ${shownValue(value)}`;
  return wrong(
    'value.amount',
    message,
    likely === null ? 'Write one such as 1 or 25%.' : `Write ${String(value)} without quotes.`,
  );
}

function wholeNumber(key: string, value: Json, least: number, most: number): Mistake {
  const message = `${key} is a whole number from ${least} to ${most}, not ${shownValue(value)}`;
  if (typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) {
    return wrong('value.number', message, `Write ${value} without quotes.`);
  }
  return wrong('value.number', message, `Write a number from ${least} to ${most}.`);
}

function nameMistake(key: string, value: Json, rule: string): Mistake {
  const fix = typeof value === 'number' ? `Put it in quotes: "${value}".` : `Use ${rule}.`;
  return wrong(
    'name.invalid',
    `${shownValue(value)} is not a name${key === 'name' ? '' : ` for ${quoted(key)}`}`,
    fix,
  );
}

/** For a message; whole maps and lists, and long texts, are not repeated. */
export function shownValue(value: Json): string {
  return typeof value === 'string'
    ? quoted(value)
    : typeof value === 'number'
      ? String(value)
      : kindOfValue(value);
}

export function kindOfValue(value: Json | undefined): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'a map';
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    default:
      return String(value);
  }
}

function wrong(code: string, message: string, fix: string): Mistake {
  return { code, message, fix };
}
