/** `groups`: communities, people, homes and devices put together under a name. */
import type { Area } from "#cloud/api/route.ts";
import { addGroup, changeGroup, changeMembers, removeGroup } from "./edit.ts";
import { setRoles } from "./group-roles.ts";
import { listGroups, listMembers, oneGroup } from "./look.ts";

export const groups: Area = {
  name: "groups",
  title: "Groups of communities, people, homes and devices",
  routes: [
    listGroups,
    addGroup,
    oneGroup,
    changeGroup,
    removeGroup,
    listMembers,
    changeMembers,
    setRoles,
  ],
};
