import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cleanUp, finish, startDaemon, type Daemon, type Finished } from '../programs.js';
import { commitFiles, git, gitEnvironment, initRepository } from '../real-git.js';
import { instancesOf, isAlive, processesUnder, type Alive } from '../scenario/census.js';
import { catalog } from './shape.js';

/** One repository with its own copy of the programs, so that all that runs there can be told by its folder. */
export class Installation {
  readonly repository: string;
  readonly home: string;
  private readonly program: string;
  private readonly env: NodeJS.ProcessEnv;
  daemon: Daemon | null = null;

  /** `ports`: two ranges of 200 that nobody else uses, the second right after the first. */
  constructor(
    readonly folder: string,
    programs: string,
    ports: number,
  ) {
    this.repository = join(folder, 'repo');
    this.home = join(this.repository, '.git');
    this.program = join(folder, 'programs/heliostat.js');
    cpSync(programs, join(folder, 'programs'), { recursive: true });
    for (const name of ['repo', 't']) mkdirSync(join(folder, name));
    this.env = { ...gitEnvironment(), TMPDIR: join(folder, 't'), HOME: folder, NO_COLOR: '1' };
    initRepository(this.repository);
    writeFileSync(join(this.repository, '.git/info/exclude'), 'heliostat.config.yaml\n');
    writeFileSync(join(this.repository, 'heliostat.config.yaml'), configText(ports));
  }

  commit(files: Readonly<Record<string, string | null>>, message: string): string {
    return commitFiles(this.repository, files, message);
  }

  firstCommit(files: Readonly<Record<string, string>>): string {
    return this.commit({ ...catalog(), ...files }, 'First model');
  }

  revertHead(): string {
    git(this.repository, 'revert', '--no-edit', 'HEAD');
    return git(this.repository, 'rev-parse', 'HEAD');
  }

  start(): Daemon {
    const { program, folder, env, repository } = this;
    this.daemon = startDaemon({ program, folder, env, where: repository, args: [] });
    return this.daemon;
  }

  call(...args: string[]): Promise<Finished> {
    return finish(this.program, args, { cwd: this.repository, env: this.env });
  }

  get isReady(): boolean {
    return this.daemon?.said().includes('ready ') === true;
  }

  get isDaemonAlive(): boolean {
    return this.daemon !== null && isAlive(this.daemon.pid);
  }

  instances(): Alive[] {
    return instancesOf(this.home);
  }

  /** Everything that runs here, by what it is. */
  processes(): Processes {
    const instances = this.instances();
    const leaders = new Set(instances.map(({ pid }) => pid));
    const found: Processes = { instances, gateways: [], readers: [], helpers: [], others: [] };
    for (const pid of processesUnder(this.folder)) {
      if (leaders.has(pid) || pid === this.daemon?.pid) continue;
      // Options of Node may come before the program.
      const words = commandOf(pid).map((word) => basename(word));
      if (words.includes('gateway.js')) found.gateways.push(pid);
      else if (words.includes('reader.js')) found.readers.push(pid);
      else if (this.daemon !== null && parentOf(pid) === this.daemon.pid) found.helpers.push(pid);
      else found.others.push(pid);
    }
    return found;
  }

  /** Nothing of it runs any more. `keep`: its files stay, for looking at them. */
  end(keep: boolean): Promise<void> {
    return cleanUp(this.folder, keep);
  }
}

export interface Processes {
  readonly instances: Alive[];
  readonly gateways: number[];
  readonly readers: number[];
  /** Children of the daemon that lives. */
  readonly helpers: number[];
  readonly others: number[];
}

export function parentOf(pid: number): number {
  const text = readProc(pid, 'stat');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}

export function commandOf(pid: number): string[] {
  return readProc(pid, 'cmdline').split('\0');
}

export function environmentOf(pid: number): ReadonlyMap<string, string> {
  return new Map(
    readProc(pid, 'environ')
      .split('\0')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function configText(ports: number): string {
  return `providers:
  process: { ports: [${ports}, ${ports + 199}] }
  file: {}
gateway: { ports: [${ports + 200}, ${ports + 399}] }
`;
}
