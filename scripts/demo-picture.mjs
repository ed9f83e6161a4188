// Draws the upgrade and the crash of docs/demo.txt (a recorded `npm run demo`) as docs/demo.svg, for the README.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/root.mjs';
import { writeIfChanged } from './lib/write-if-changed.mjs';

const character = 7.8;
const line = 18;
const margin = 18;

const colours = { title: '#fbbf24', command: '#67e8f9', time: '#94a3b8', bar: '#2dd4bf', tally: '#86efac' };

const text = readFileSync(join(root, 'docs/demo.txt'), 'utf8');
const lines = text.slice(text.indexOf('☀ 2/8'), text.indexOf('☀ 4/8')).trimEnd().split('\n');
writeIfChanged(join(root, 'docs/demo.svg'), picture(lines), 0o644);

function picture(shown) {
  const width = Math.ceil(Math.max(...shown.map(lengthOf)) * character + 2 * margin);
  const height = shown.length * line + 2 * margin;
  const rows = shown.map((each, i) => row(each, margin + (i + 0.75) * line)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A recorded run of the demo: the plan of an upgrade, the upgrade, and Heliostat killed in the middle of it">
<rect width="100%" height="100%" rx="10" fill="#0f172a"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13" fill="#e2e8f0">
${rows}</g>
</svg>
`;
}

function row(each, y) {
  return pieces(each)
    .filter(({ content }) => content.trim() !== '')
    .map(({ at, content, fill }) => {
      const x = (margin + at * character).toFixed(1);
      // The width is said for each piece, so that columns stay columns in whatever font there is.
      const length = (lengthOf(content) * character).toFixed(1);
      const colour = fill === undefined ? '' : ` fill="${fill}"`;
      return `<text xml:space="preserve" x="${x}" y="${y}" textLength="${length}"${colour}>${escaped(content)}</text>\n`;
    })
    .join('');
}

function pieces(each) {
  if (each.startsWith('☀')) return [{ at: 0, content: each, fill: colours.title }];
  if (each.startsWith('  $ ')) return [{ at: 2, content: each.slice(2), fill: colours.command }];
  if (each.startsWith('  [ ')) return [{ at: 2, content: each.slice(2), fill: colours.tally }];
  const [, time] = /^( *[0-9.]+ s)  /.exec(each) ?? [];
  if (time !== undefined) return split(each, time.length, { first: colours.time });
  const bar = /^ {6}shop\/.* #[0-9]+ /.exec(each)?.[0].length;
  if (bar !== undefined) return split(each, bar, { rest: colours.bar });
  const indent = each.length - each.trimStart().length;
  return [{ at: indent, content: each.trimStart() }];
}

function split(each, at, { first, rest }) {
  const [left, right] = [each.slice(0, at), each.slice(at)];
  const [a, b] = [left, right].map((part) => part.length - part.trimStart().length);
  return [
    { at: a, content: left.trim(), fill: first },
    { at: at + b, content: right.trim(), fill: rest },
  ];
}

function lengthOf(content) {
  return [...content].length;
}

function escaped(content) {
  return content.replace(/[&<>]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[each]);
}
