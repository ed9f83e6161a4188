import { plainText } from '../../base/plain-text.js';
import { printable } from '../../base/printable.js';

/**
 * Everything foreign that goes into a comment goes through here: what comes from a model, a commit, a person's name, the
 * answer of a probe. It shows as what it is, on one line, and does nothing: no mention, no reference, no link, no HTML.
 */

/** Longer texts are cut; what they say is elsewhere in full. */
const longest = 300;

/** Invisible, and between two characters it keeps a forge from taking them for one sign (GitHub's mentions and references). */
const apart = '&#8203;';
/** The same where entities are no entities: in code. */
const apartInCode = '\u200b';

/** One line of what shows; longer than `most` characters it ends in `…`. */
export function oneLine(text: string, most = longest): string {
  // Far too much is cut before it is looked at; what is left out shows by the second cut.
  const clean = plainText(text.slice(0, most * 4))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return whole(shortened(printable(clean), most));
}

/** By code points, so that none is torn. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = [...text.slice(0, most * 2)];
  return points.length <= most && text.length <= most * 2 ? text : `${points.slice(0, most - 1).join('')}…`;
}

/** A lone half of a character would be changed on its way, and so the text would not be what was written. */
function whole(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '\ufffd');
}

/** As text within a line of Markdown. */
export function inline(text: string, most = longest): string {
  const escaped = oneLine(text, most)
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/^(?=[-+=#])/, '\\')
    .replace(/^(\d{1,9})(?=[.)](?:\s|$))/, '$1\\');
  return inert(htmlSigns(escaped));
}

/** As text within HTML, where Markdown means nothing: in a summary. */
export function html(text: string, most = longest): string {
  const escaped = htmlSigns(oneLine(text, most)).replaceAll(
    /[\\`*_[\]|~]/g,
    (sign) => `&#${sign.charCodeAt(0)};`,
  );
  return inert(escaped);
}

function htmlSigns(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A forge looks into the text that is left, too: for people, references, addresses, formulas and little pictures. */
function inert(text: string): string {
  return text
    .replaceAll('@', `@${apart}`)
    .replaceAll(/(?<!&)#(?=[0-9]|$)/g, `#${apart}`)
    .replaceAll(/\b(gh|[A-Z][A-Z0-9]+)-(?=[0-9])/gi, (all: string, name: string) =>
      /^gh$/i.test(name) || name === name.toUpperCase() ? `${all}${apart}` : all,
    )
    .replaceAll(/:(?=\/\/|:|$|[A-Za-z0-9_+-]+(?::|$))/g, `:${apart}`)
    .replaceAll(/\bwww\.(?=.)/gi, (www) => `${www.slice(0, -1)}${apart}.`)
    .replaceAll('##\\[', `#${apart}#\\[`)
    .replaceAll('$', '<span>$</span>');
}

/** As code within a line. */
export function code(text: string, most = longest): string {
  const inner = inertCode(oneLine(text, most));
  if (inner === '') return '–';
  const ticks = '`'.repeat(longestRun(inner) + 1);
  const pad = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${inner}${pad}${ticks}`;
}

/** Code in a summary. */
export function htmlCode(text: string, most = longest): string {
  return `<code>${html(text, most)}</code>`;
}

/** Lines that are shown as they are; the fence is longer than any in them. */
export function fence(language: 'diff' | 'sh' | 'text', lines: readonly string[]): string {
  const clean = lines.map((line) => inertCode(whole(printable(line))));
  const ticks = '`'.repeat(Math.max(3, ...clean.map((line) => longestRun(line) + 1)));
  return `${ticks}${language}\n${clean.join('\n')}\n${ticks}`;
}

/** What is no danger where it is shown, but where it is searched for, or written into the log of a runner. */
function inertCode(text: string): string {
  return text
    .replaceAll(/<(?=!--|\/?(?:details|summary)\b)/gi, `<${apartInCode}`)
    .replaceAll('##[', `##${apartInCode}[`)
    .replace(/^(\s*):(?=:)/, `$1:${apartInCode}`);
}

function longestRun(text: string): number {
  let run = 0;
  for (const found of text.match(/`+/g) ?? []) run = Math.max(run, found.length);
  return run;
}

/** `text` is Markdown already. An address that is none is left out. */
export function link(text: string, url: string | null): string {
  const target = url === null ? null : address(url);
  return target === null ? text : `[${text}](${target})`;
}

/** Null for what is no address of the web, or might end the link that it stands in. */
export function address(url: string): string | null {
  if (url.length > 2_000 || !/^https?:\/\/[!#-;=?-Z\]_a-z~[]+$/.test(url)) return null;
  return url
    .replaceAll('&', '&amp;')
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
    .replaceAll('[', '%5B')
    .replaceAll(']', '%5D')
    .replaceAll('*', '%2A');
}

/** By words, so that nobody has to scroll sideways; a longer word is broken. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => chunked(one, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Pieces of so many characters, for what has no words to be wrapped by. */
export function chunked(text: string, width: number): string[] {
  const points = [...text];
  const pieces: string[] = [];
  for (let i = 0; i < points.length; i += width) pieces.push(points.slice(i, i + width).join(''));
  return pieces.length === 0 ? [''] : pieces;
}
