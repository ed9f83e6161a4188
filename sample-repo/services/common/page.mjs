// Serves one HTML page that may load nothing but itself and talk to nobody but its server.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The answer that delivers the page; its style and script are allowed by their digests and nothing else is. */
export function pageAnswer(file, version, shop) {
  const text = readFileSync(file, 'utf8')
    .replaceAll('{{version}}', version)
    .replaceAll('{{shop}}', () => escaped(shop));
  const policy = [
    "default-src 'none'",
    `style-src ${digestOf(text, 'style')}`,
    `script-src ${digestOf(text, 'script')}`,
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    status: 200,
    text,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
    },
  };
}

/** The sun, as the page's icon. */
export const iconAnswer = {
  status: 200,
  text: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="#f59e0b"/></svg>',
  headers: { 'content-type': 'image/svg+xml', 'content-security-policy': "default-src 'none'" },
};

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function digestOf(text, tag) {
  const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '';
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
