/** `progress`: how quickly a backlog goes to the hub, and how long the rest will take. Pure but for what it remembers. */
export interface Progress {
  arrived(uplinks: number, nowMs: number): void;
  sent(bytes: number): void;
  /** How long `waiting` uplinks take at the pace of the last minutes, ms; null when nothing moved. */
  etaMs(waiting: number, nowMs: number): number | null;
  /** About how many bytes `waiting` uplinks are, before they are squeezed. */
  bytesOf(waiting: number): number;
}

const WINDOW_MS = 120_000;
/** Of an uplink in a full segment, before anything was sent. */
const BYTES_PER_UPLINK = 60;

export function progress(): Progress {
  let moves: { readonly atMs: number; readonly uplinks: number }[] = [];
  let [bytes, uplinks] = [0, 0];
  return {
    arrived(count, nowMs) {
      uplinks += count;
      moves = moves.filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
      moves.push({ atMs: nowMs, uplinks: count });
    },
    sent: (count) => void (bytes += count),
    etaMs(waiting, nowMs) {
      if (waiting === 0) return 0;
      const recent = moves.filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
      const [first] = recent;
      if (!first) return null;
      const took = Math.max(nowMs - first.atMs, 1_000);
      const rate = recent.reduce((sum, move) => sum + move.uplinks, 0) / took;
      return rate > 0 ? Math.round(waiting / rate) : null;
    },
    bytesOf: (waiting) =>
      Math.round(waiting * (uplinks > 500 ? bytes / uplinks : BYTES_PER_UPLINK)),
  };
}
