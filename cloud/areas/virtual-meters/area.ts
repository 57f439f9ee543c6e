/** `virtual-meters`: meters that are computed from others: what is lost between a main meter and its submeters. */
import type { Area } from "#cloud/api/route.ts";
import { consumption } from "./consumption.ts";
import { add, edit, remove } from "./edit.ts";
import { list, one } from "./look.ts";

export const virtualMeters: Area = {
  name: "virtual-meters",
  title: "Virtual meters: computed from others when they are asked",
  routes: [list, add, one, edit, remove, consumption],
};
