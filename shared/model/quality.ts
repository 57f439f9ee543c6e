/**
 * `quality`: how a period's consumption is known.
 *
 * - `measured`: both borders fall on readings
 * - `interpolated`: a border was computed between two readings
 * - `running`: up to the last reading; the end of the period has not come, or not been heard yet
 * - `gap`: nothing was heard, or the index fell: no number
 * - `future`: not begun
 * - `outside`: before the first reading, or not the asker's time
 */
export const qualities = [
  "measured",
  "interpolated",
  "gap",
  "running",
  "future",
  "outside",
] as const;
export type Quality = (typeof qualities)[number];
