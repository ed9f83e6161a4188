import type { Socket } from 'node:net';
import { lineLimit } from './protocol.js';

/** Calls `take` with each line as data; a line that is too long or no JSON object ends the connection. */
export function onJsonLines(socket: Socket, take: (line: Readonly<Record<string, unknown>>) => void): void {
  let rest: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      rest.push(part);
      length += part.length;
      if (length > lineLimit) return socket.destroy();
      if (index === parts.length - 1) continue;
      const line = parse(rest.join(''));
      rest = [];
      length = 0;
      if (!line) return socket.destroy();
      take(line);
    }
    return undefined;
  });
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
