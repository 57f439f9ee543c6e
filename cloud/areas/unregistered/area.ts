/** `unregistered`: devices that gateways heard and nobody has registered: taken in, or left alone. */
import type { Area } from "#cloud/api/route.ts";
import { accept } from "./accept.ts";
import { list } from "./list.ts";
import { reject, restore } from "./reject.ts";

export const unregistered: Area = {
  name: "unregistered",
  title: "Devices that were heard and are not registered",
  routes: [list, accept, reject, restore],
};
