/**
 * Netvox R311FC: an activity timer: for how long something has been at work.
 *
 * @see Netvox R311FC user manual, "Data report"
 */
import { exact } from "../exact.ts";
import { netvox } from "../netvox-frame.ts";

export const r311fc = netvox(
  "r311fc",
  "Netvox R311FC",
  0x51,
  ["battery_voltage", "operating_time"],
  {
    1: (reader) => [exact("operating_time", reader.u32be(), 0, "s")],
  },
);
