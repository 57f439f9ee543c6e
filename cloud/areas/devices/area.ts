/** `devices`: meters and sensors: registered, listed, assigned to homes, and retired. */
import type { Area } from "#cloud/api/route.ts";
import { assign, assignments, end } from "./assign.ts";
import { bulk } from "./bulk.ts";
import { correct, swap } from "./correct.ts";
import { exchange } from "./exchange.ts";
import { label } from "./label.ts";
import { list } from "./list.ts";
import { move } from "./move.ts";
import { one } from "./one.ts";
import { edit, register } from "./register.ts";
import { preview, remove } from "./remove.ts";
import { status } from "./status.ts";

export const devices: Area = {
  name: "devices",
  title: "Meters and sensors",
  routes: [
    list,
    one,
    register,
    edit,
    status,
    assign,
    end,
    assignments,
    correct,
    swap,
    exchange,
    move,
    bulk,
    label,
    preview,
    remove,
  ],
};
