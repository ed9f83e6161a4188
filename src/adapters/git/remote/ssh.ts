import { spawn } from 'node:child_process';
import type { Oid } from '../../../ports/repository.js';
import { isOid } from '../oid.js';
import { childEnvironment, globalOptions } from '../tool.js';
import type { Fetching, Pushed, Remote } from './remote.js';
import { sshFailure } from './ssh-failure.js';
import type { RemoteUrl } from './url.js';

export interface SshRemoteOptions {
  readonly url: RemoteUrl;
  /** The bare copy. */
  readonly gitDir: string;
  /** The program. */
  readonly git: string;
  /** Without a byte from git, in milliseconds. */
  readonly silenceMs: number;
}

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const endWithinMs = 2_000;
const outputBytes = 64 * 1024 * 1024;
const errorBytes = 64 * 1024;
/** How git, or the server, says that another was faster. */
const overtaken =
  /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|incorrect old value|already exists/;

/** A repository behind SSH, through the installed git, which runs the installed ssh. */
export function sshRemote(options: SshRemoteOptions): Remote {
  const children = new Set<() => void>();
  const { url } = options.url;
  const ask = async (command: readonly string[]): Promise<string> => {
    const ended = await run(options, command, children);
    if (ended.code === 0) return ended.output;
    throw sshFailure(ended.errors, options.url);
  };
  const list = async (patterns: readonly string[]): Promise<ReadonlyMap<string, Oid>> => {
    const output = await ask(['ls-remote', '--quiet', '--end-of-options', url, ...patterns]);
    const lines = output.split('\n').map((line) => line.split('\t'));
    // The commit of a tag follows the tag itself.
    return new Map(
      lines.flatMap(([oid = '', ref]) =>
        ref !== undefined && isOid(oid) ? [[ref.replace(/\^\{\}$/, ''), oid] as const] : [],
      ),
    );
  };
  return {
    async head() {
      const output = await ask(['ls-remote', '--quiet', '--symref', '--end-of-options', url, 'HEAD']);
      return /^ref: (\S+)\tHEAD$/m.exec(output)?.[1] ?? null;
    },
    async list(prefix) {
      const found = await list(prefix.endsWith('/') ? [`${prefix}*`] : [prefix, `${prefix}^{}`]);
      return new Map([...found].filter(([ref]) => ref.startsWith(prefix)));
    },
    async fetch(wanted, how) {
      await ask(['fetch', ...fetchOptions(how), '--end-of-options', url, wanted]);
    },
    async push(ref, from, to) {
      const lease = `--force-with-lease=${ref}:${from ?? ''}`;
      const command = ['push', '--porcelain', '--no-verify', lease, '--end-of-options', url, `${to}:${ref}`];
      const ended = await run(options, command, children);
      return pushed(ended, options.url);
    },
    // Only a push would begin the service that takes one.
    offersPush: () => Promise.resolve(null),
    close: () => {
      for (const end of children) end();
    },
  };
}

function fetchOptions({ depth }: Fetching): string[] {
  const usual = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--no-recurse-submodules'];
  return depth === null ? usual : [...usual, `--depth=${depth}`];
}

/** `!\tSOURCE:REF\t[rejected] (stale info)`; who moved nothing although it was asked has met another. */
function pushed({ code, output, errors }: Ended, url: RemoteUrl): Pushed {
  const refused = /^!\t\S+\t\[(.+?)\](?: \((.*)\))?$/m.exec(output);
  if (refused === null) {
    if (code === 0) return { kind: 'pushed' };
    throw sshFailure(errors, url);
  }
  const why = refused[2] ?? refused[1] ?? '';
  if (overtaken.test(why)) return { kind: 'moved' };
  const told = [...errors.matchAll(/^remote: (.*)$/gm)].map(([, line]) => line?.trim() ?? '');
  return { kind: 'rejected', reason: [why, ...told.filter((line) => line !== '')].join(' ') };
}

/**
 * Nothing may ask, and no other way to a repository than SSH is open: not even one that a URL there would name. Which ssh,
 * and with which key, is said by the environment and the files of whoever runs us.
 */
function environment(gitDir: string): NodeJS.ProcessEnv {
  const { GIT_SSH_COMMAND, GIT_SSH, GIT_SSH_VARIANT, SSH_AUTH_SOCK, USER, LOGNAME } = process.env;
  const chosen = { GIT_SSH_COMMAND, GIT_SSH, GIT_SSH_VARIANT, SSH_AUTH_SOCK, USER, LOGNAME };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const usual = 'ssh -oBatchMode=yes -oConnectTimeout=15 -oServerAliveInterval=15 -oForwardAgent=no';
  return {
    ...childEnvironment({ gitDir, workTree: null }, false),
    ...(GIT_SSH_COMMAND === undefined && GIT_SSH === undefined ? { GIT_SSH_COMMAND: usual } : {}),
    ...given,
    GIT_ALLOW_PROTOCOL: 'ssh',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
  };
}

function run(
  { git, gitDir, silenceMs }: SshRemoteOptions,
  command: readonly string[],
  children: Set<() => void>,
): Promise<Ended> {
  const child = spawn(
    git,
    [...globalOptions, '-c', 'gc.auto=0', '-c', 'maintenance.auto=false', ...command],
    {
      cwd: gitDir,
      env: environment(gitDir),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own: ssh ends with git, and Ctrl-C is for the controller.
      detached: true,
      windowsHide: true,
    },
  );
  return new Promise((resolve, reject) => {
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        child.kill(name);
      }
    };
    // Asked to end, git takes its locks with it.
    const end = (): void => {
      signal('SIGTERM');
      setTimeout(() => {
        if (child.exitCode === null && child.signalCode === null) signal('SIGKILL');
      }, endWithinMs).unref();
    };
    children.add(end);
    let [output, errors, silent] = ['', '', false];
    const timer = setTimeout(() => {
      silent = true;
      end();
    }, silenceMs);
    child.stdout.on('data', (chunk: Buffer) => {
      timer.refresh();
      if (output.length < outputBytes) output += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      timer.refresh();
      if (errors.length < errorBytes) errors += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      children.delete(end);
      const said = silent ? `${errors}\nnothing was heard for ${silenceMs / 1000} s` : errors;
      resolve({ code: code ?? 1, output, errors: said });
    });
  });
}
