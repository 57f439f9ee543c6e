/** `devices`: meters and sensors: registered, listed, assigned to homes, and retired. */
import type { Area } from "#cloud/api/route.ts";
import { assign, assignments, end } from "./assign.ts";
import { list } from "./list.ts";
import { one } from "./one.ts";
import { edit, register } from "./register.ts";
import { status } from "./status.ts";

export const devices: Area = {
  name: "devices",
  title: "Meters and sensors",
  routes: [list, one, register, edit, assign, end, assignments, status],
};
