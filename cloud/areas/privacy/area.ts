/** `privacy`: a person's data taken along, and erased. */
import type { Area } from "#cloud/api/route.ts";
import { erasePerson, listErasures, previewErasure } from "./erase.ts";
import { exportMine, exportPerson } from "./export.ts";

export const privacy: Area = {
  name: "privacy",
  title: "Privacy: a person's data taken along, and erased",
  routes: [exportPerson, exportMine, previewErasure, erasePerson, listErasures],
};
