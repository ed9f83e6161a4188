/** What the demo reads of `heliostat status --json`. */
export interface Status {
  readonly revision: string | null;
  readonly healthy: boolean;
  readonly solutions: readonly {
    readonly name: string;
    readonly revision: string | null;
    readonly phase: string | null;
    readonly healthy: boolean;
    readonly elements: readonly {
      readonly name: string;
      readonly healthy: boolean;
      readonly endpoint: string | null;
      readonly clusters: readonly {
        readonly version: string;
        readonly instances: readonly {
          readonly id: string;
          readonly state: string;
          readonly health: string;
          readonly resource: string | null;
        }[];
      }[];
    }[];
  }[];
}

/** One instance, without what stands around it. */
export interface Instance {
  readonly id: string;
  readonly element: string;
  readonly version: string;
  readonly healthy: boolean;
  /** `pid 4711`, or a path. */
  readonly resource: string | null;
}

export function instancesOf(status: Status): Instance[] {
  return status.solutions.flatMap((solution) =>
    solution.elements.flatMap((element) =>
      element.clusters.flatMap((cluster) =>
        cluster.instances.map(({ id, state, health, resource }) => ({
          id,
          element: element.name,
          version: cluster.version,
          healthy: state === 'active' && health === 'good',
          resource,
        })),
      ),
    ),
  );
}

/** `api 1.1.0 #2`. */
export function label({ id, element, version }: Instance): string {
  return `${element} ${version} #${id.slice(id.lastIndexOf('/') + 1)}`;
}

/** The process id, where the instance is a process. */
export function pidOf(instance: Instance): number | null {
  const pid = /^pid ([0-9]+)/.exec(instance.resource ?? '')?.[1];
  return pid === undefined ? null : Number(pid);
}

export function endpointOf(status: Status, name: string): string | null {
  for (const solution of status.solutions) {
    const element = solution.elements.find((each) => each.name === name);
    if (element !== undefined) return element.endpoint;
  }
  return null;
}

/** True when all that the commit asks for runs and is well. */
export function isSettled(status: Status, commit: string): boolean {
  return (
    status.revision === commit &&
    status.healthy &&
    status.solutions.every(({ phase }) => phase === null || phase === 'succeeded')
  );
}

/** Healthy instances of an element, by version: `{ '1.0.0': 2, '1.1.0': 1 }`. */
export function healthyByVersion(status: Status, element: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const instance of instancesOf(status)) {
    if (instance.element === element && instance.healthy) {
      counts[instance.version] = (counts[instance.version] ?? 0) + 1;
    }
  }
  return counts;
}

/** `api 1.1.0 ×1, 1.0.0 ×2 · web 1.0.0 ×2`: what is healthy of these elements, newest version first. */
export function runningText(status: Status, elements: readonly string[]): string {
  return elements
    .map((element) => {
      const counts = Object.entries(healthyByVersion(status, element)).sort(([a], [b]) => (a < b ? 1 : -1));
      return `${element} ${counts.map(([version, count]) => `${version} ×${count}`).join(', ') || '–'}`;
    })
    .join(' · ');
}
