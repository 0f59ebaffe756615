// The device's fence. The worker renews the lease; when it cannot (it hangs, was stopped, lost Redis), the batch ends by
// itself while the lease still stands, so that the next holder of the device finds nobody on it.
// CLOCK_MONOTONIC, in nanoseconds: process.hrtime.bigint() here and Stopwatch in .NET read the same clock of one host.
export const MARGIN_MS = 5_000;

export class Lease {
  constructor(onExpired) {
    this.onExpired = onExpired;
  }

  renew(deadlineNs) {
    this.release();
    const ms = Number((BigInt(deadlineNs) - process.hrtime.bigint()) / 1_000_000n) - MARGIN_MS;
    this.timer = setTimeout(this.onExpired, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
  }

  release() {
    clearTimeout(this.timer);
  }
}
