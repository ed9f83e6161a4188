/** Time comes in by this door only. */
export interface Clock {
  /** For showing: milliseconds since 1970, may jump. */
  wallMs(): number;
  /** For deadlines: never goes back, its zero means nothing. */
  monoMs(): number;
  /** Settles at or after `monoMs() >= atMs`, or when cancelled; for a moment that has come, after what waits already. */
  sleepUntil(atMs: number, cancel: Cancel): Promise<void>;
}

/** Cancellation without the platform's AbortSignal, so that the simulator can drive it. */
export interface Cancel {
  readonly cancelled: boolean;
  /** Called once, at the cancellation, or at once if that already happened. Returns how to unsubscribe. */
  onCancel(listener: () => void): () => void;
}

export interface CancelSource {
  readonly cancel: Cancel;
  abort(): void;
}

export function cancelSource(): CancelSource {
  const listeners = new Set<() => void>();
  let cancelled = false;
  return {
    cancel: {
      get cancelled() {
        return cancelled;
      },
      onCancel(listener) {
        if (cancelled) listener();
        else listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    abort() {
      if (cancelled) return;
      cancelled = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}
