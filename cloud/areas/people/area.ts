/** `people`: everybody an organization knows: who they are, what they may do where, and how they get in. */
import type { Area } from "#cloud/api/route.ts";
import { addPerson } from "./add.ts";
import { changePerson, linkToEmail } from "./change.ts";
import { makeLanCode, revokeLanCode } from "./lan-codes.ts";
import { inviteAgain, resetCode, resetPassword, revokeInvitation } from "./let-in.ts";
import { findPerson, listPeople } from "./look.ts";
import { disablePeople, enablePeople, invitePeople } from "./many.ts";
import { addRole, changeRole, endRole } from "./memberships.ts";
import { deletePeople, deletePerson, previewDeletion } from "./remove.ts";
import { disablePerson, enablePerson, endSignIns, listSignIns } from "./shut-out.ts";

export const people: Area = {
  name: "people",
  title: "People: who they are, what they may do where, how they get in",
  routes: [
    listPeople,
    addPerson,
    findPerson,
    changePerson,
    deletePerson,
    previewDeletion,
    deletePeople,
    disablePeople,
    enablePeople,
    invitePeople,
    addRole,
    changeRole,
    endRole,
    inviteAgain,
    linkToEmail,
    revokeInvitation,
    resetPassword,
    resetCode,
    disablePerson,
    enablePerson,
    listSignIns,
    endSignIns,
    makeLanCode,
    revokeLanCode,
  ],
};
