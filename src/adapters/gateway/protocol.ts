/**
 * What controller and gateway say to each other: one JSON object a line over a Unix socket. The
 * gateway outlives controllers of other versions, so each line names its protocol.
 */
export const protocol = 1;

/** Longest line accepted, in characters: a binding of 10,000 backends has some 1.5 million. */
export const lineLimit = 8_000_000;

export interface GatewayBackend {
  readonly instance: string;
  readonly address: string;
  readonly port: number;
  /** 0: drains. */
  readonly weight: number;
}

export interface GatewayBinding {
  readonly key: string;
  readonly scheme: 'http' | 'tcp';
  readonly address: string;
  readonly port: number;
  readonly backends: readonly GatewayBackend[];
}

export type Ask =
  | { readonly verb: 'hello' }
  | { readonly verb: 'route'; readonly binding: GatewayBinding; readonly epoch: number }
  | { readonly verb: 'unroute'; readonly key: string; readonly epoch: number }
  | { readonly verb: 'stats' }
  /** Connections that are still open after `graceMs` are cut. */
  | { readonly verb: 'shutdown'; readonly graceMs: number };

export type AskLine = Ask & { readonly id: number; readonly protocol: number };

export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

export type Answer = { readonly ok: true; readonly value: unknown } | Refusal;
export type AnswerLine = Answer & { readonly id: number };

export interface Hello {
  readonly protocol: number;
  /** Protocols that this gateway answers, its own included. */
  readonly understands: readonly number[];
  readonly pid: number;
  readonly startTime: string;
}

export interface BackendStats extends GatewayBackend {
  /** Requests (of tcp: connections) under way. */
  readonly open: number;
  /** Since the gateway began. */
  readonly total: number;
}

export interface BindingStats {
  readonly key: string;
  readonly scheme: 'http' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** False while the port cannot be had: after a restart, when somebody else took it. */
  readonly listening: boolean;
  /** Requests (of tcp: connections) since the gateway began. */
  readonly total: number;
  /** Of them, those that no backend answered in full. */
  readonly failed: number;
  /** Those that wait for a backend now. */
  readonly waiting: number;
  /** Draining ones included, also those no longer in the table, until they have nothing open. */
  readonly backends: readonly BackendStats[];
}

export interface GatewayStats {
  readonly pid: number;
  readonly uptimeMs: number;
  readonly rssBytes: number;
  /** Sorted by key. */
  readonly bindings: readonly BindingStats[];
}

/** Who runs as the gateway of a state folder. */
export interface GatewayIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly socket: string;
}

/** The gateway's file, from which it restarts alone. */
export interface TableFile {
  readonly format: 1;
  /** Highest epoch seen, by domain id. */
  readonly epochs: Readonly<Record<string, number>>;
  readonly bindings: readonly GatewayBinding[];
}
