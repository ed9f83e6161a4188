import fc from 'fast-check';

/** Everything that somewhere means more than it says, in any order. */
const pieces = [
  ...['@ada', '@acme/ops', '#12', 'GH-12', 'JIRA-7', 'acme/shop#1', 'acme/shop@a1b2c3d', 'a@b.example'],
  ...[
    'https://e.example',
    'www.e.example',
    '://',
    '![i](u)',
    '[l](u)',
    '[^1]',
    '<img src=x>',
    '<b>',
    '</details>',
  ],
  ...['<!--', '-->', '<!-- heliostat -->', '<!-- heliostat:section e30 -->', '<!-- heliostat:frame -->'],
  ...[
    '`',
    '``',
    '```',
    '~~~',
    '\n',
    '\r\n',
    '\t',
    '\u001b[31m',
    '\u202e',
    '\u200b',
    '\ud800',
    '::set-output',
    '##[debug]',
  ],
  ...[
    '$a$',
    '$`a`$',
    ':tada:',
    '**',
    '__',
    '|',
    '\\',
    '&lt;',
    '&#64;ada',
    '# h',
    '- x',
    '> q',
    '1. a',
    '---',
    '…',
    'x',
    ' ',
  ],
];
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 })
  .map((parts) => parts.join(''));
