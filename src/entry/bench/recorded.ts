import type { Peer } from './finding.js';

const terraform = { name: 'Terraform 1.11', unit: 'ms', inThisRun: false } as const;

/** Terraform with `terraform_data` on 2 cores, measured once; used where it is not installed or takes minutes. */
export const recorded = {
  planIndependent: { ...terraform, value: 1_500, memoryMb: 161 },
  planLayered: { ...terraform, value: 7_900, memoryMb: 628 },
  applyLayered: { ...terraform, value: 96_000 },
  changeOfThousand: { ...terraform, value: 8_600, memoryMb: 625 },
  changeOfTenThousand: { ...terraform, value: 22_500, memoryMb: 972 },
  planTenThousand: { ...terraform, value: 14_800, memoryMb: 958 },
  /** Between two looks at a Git repository, unless it is told of a push. */
  fluxInterval: { name: 'Flux, default interval', unit: 'ms', inThisRun: false, value: 60_000 },
  argoInterval: { name: 'Argo CD, default interval', unit: 'ms', inThisRun: false, value: 120_000 },
} as const satisfies Readonly<Record<string, Peer>>;
