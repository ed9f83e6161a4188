/** What a forge looks at in a comment, as far as a test has to know it: text, tags, links; code apart. */
export interface Seen {
  /** Lines outside of fences, without code and without the targets of links. */
  readonly prose: string;
  readonly tags: readonly string[];
  readonly targets: readonly string[];
  readonly isClosed: boolean;
}

/** CommonMark's fences and code spans; what is in code is shown as it is. */
export function seen(markdown: string): Seen {
  let open = '';
  const lines = markdown.split('\n').filter((line) => {
    const [, ticks, rest = ''] = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line) ?? [];
    if (open === '') {
      if (ticks === undefined) return true;
      open = ticks;
      return false;
    }
    if (ticks?.startsWith(open) === true && rest.trim() === '') open = '';
    return false;
  });
  const prose = lines.map(withoutCode).join('\n');
  const comments = prose.replaceAll(/^<!-- heliostat[^>]*-->$/gm, '');
  return {
    prose: comments.replaceAll(/(?<!\\)\]\([^)]*\)/g, ']'),
    tags: [...comments.matchAll(/<\/?[a-z!][^>]*>/gi)].map(([tag]) => tag),
    targets: [...comments.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map(([, target = '']) => target),
    isClosed: open === '',
  };
}

function withoutCode(line: string): string {
  if (line.startsWith('<details'))
    return line.replaceAll(/<code>.*?<\/code>/g, (code) => code.replaceAll('@', ''));
  let text = '';
  for (let i = 0; i < line.length;) {
    if (line[i] === '\\') {
      text += line.slice(i, i + 2);
      i += 2;
      continue;
    }
    const run = /^`+/.exec(line.slice(i))?.[0] ?? '';
    if (run === '') {
      text += line[i++];
      continue;
    }
    const rest = line.slice(i + run.length);
    const end = [...rest.matchAll(/`+/g)].find(([ticks]) => ticks === run)?.index;
    if (end === undefined) throw new Error(`a code span is left open: ${line.slice(i, i + 80)}`);
    text += '\u25ab';
    i += run.length + end + run.length;
  }
  return text;
}
