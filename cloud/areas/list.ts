/** `list`: every area of the hub's API. The application, the isolation matrix and the tests are made from it. */
import type { Area } from "./area.ts";
import { communities } from "./communities/area.ts";
import { devices } from "./devices/area.ts";
import { gateways } from "./gateways/area.ts";
import { live } from "./live/area.ts";
import { overview } from "./overview/area.ts";
import { unregistered } from "./unregistered/area.ts";

export const areas: readonly Area[] = [
  communities,
  devices,
  unregistered,
  gateways,
  overview,
  live,
];
