import { tokenFix } from './remote.js';

/** Where a remote repository is, without anything that is secret. */
export interface RemoteUrl {
  readonly kind: 'http' | 'ssh';
  /** As it is asked, without credentials. */
  readonly url: string;
  /** In lower case, with its port where that is not the usual one. */
  readonly host: string;
  /** Without the `/` at its beginning, and without `.git`. */
  readonly path: string;
  /** The same for each way to write it: without `.git`, and with the host in lower case. */
  readonly name: string;
}

/** Why a text names no repository that we would ask. */
export interface Unusable {
  readonly code: 'remote.unsupported' | 'remote.credentials' | 'remote.url';
  readonly message: string;
  readonly fix: string;
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
/** Git would run a program of that name. */
const helper = /^[a-z][a-z0-9+.-]*::/i;
/** `git@host:path`; a path of this machine has a `/` before its first `:`. */
const scpLike = /^(?:([^/:@]+)@)([^/:]+):(?!\/\/)(.+)$/;

/** Whether Git would take it for another machine, or for a program to be run: `ext::…`, a URL, `git@host:path`. */
export function isRemote(text: string): boolean {
  return scheme.test(text) || helper.test(text) || scpLike.test(text);
}

/** Only HTTPS and SSH are asked, and HTTP on this machine; names and passwords in a URL are refused. */
export function parseRemote(text: string): RemoteUrl | Unusable {
  if (helper.test(text))
    return unsupported(`${text.slice(0, text.indexOf('::'))}:: would have git run a program`);
  const short = scpLike.exec(text);
  if (short !== null && !scheme.test(text))
    return ssh(`ssh://${short[1] ?? 'git'}@${short[2] ?? ''}/${(short[3] ?? '').replace(/^\/+/, '')}`, text);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return {
      code: 'remote.url',
      message: `${text} is no URL`,
      fix: 'Write https://HOST/PATH.git or git@HOST:PATH.git.',
    };
  }
  if (url.protocol === 'ssh:') return ssh(text, text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return unsupported(`${url.protocol}// is not among what is asked for a repository`);
  if (url.username !== '' || url.password !== '')
    return {
      code: 'remote.credentials',
      message: 'the URL has a name or a password in it, which lists of processes and logs would show',
      fix: `Take it out. ${tokenFix}`,
    };
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return unsupported(`http://${url.host} would be asked in the clear`);
  const path = cleaned(url.pathname);
  if (path === '')
    return {
      code: 'remote.url',
      message: `${text} names no repository`,
      fix: 'Write https://HOST/PATH.git.',
    };
  return {
    kind: 'http',
    url: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    host: url.host,
    path,
    name: `${url.protocol}//${url.host}/${path}`,
  };
}

function ssh(text: string, given: string): RemoteUrl | Unusable {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return {
      code: 'remote.url',
      message: `${given} is no URL`,
      fix: 'Write git@HOST:PATH.git or ssh://git@HOST/PATH.git.',
    };
  }
  if (url.password !== '')
    return {
      code: 'remote.credentials',
      message: 'the URL has a password in it, which lists of processes and logs would show',
      fix: 'Take it out, and use a key.',
    };
  // ssh would take such a host, or such a user, for one of its options.
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-'))
    return { code: 'remote.url', message: `${given} names no host`, fix: 'Write git@HOST:PATH.git.' };
  const path = cleaned(url.pathname);
  if (path === '')
    return { code: 'remote.url', message: `${given} names no repository`, fix: 'Write git@HOST:PATH.git.' };
  const host = url.host.toLowerCase();
  const user = url.username === '' ? '' : `${url.username}@`;
  return { kind: 'ssh', url: text, host, path, name: `ssh://${user}${host}/${path}` };
}

function unsupported(message: string): Unusable {
  return {
    code: 'remote.unsupported',
    message,
    fix: 'Name a folder, an https:// URL, or git@HOST:PATH for SSH.',
  };
}

function cleaned(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
