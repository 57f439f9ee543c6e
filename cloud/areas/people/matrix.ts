/** `matrix`: who reaches which people, and what may be done to them. */
import type { Ids, Rows } from "#cloud/api/matrix.ts";

const noMembership = "m-0000000000000000";
/** A request about a person that names them in its path. */
const about = (more: string, body: unknown = {}) => ({
  asks: (ids: Ids) => [{ path: `/people/${ids.person}${more}`, body }],
  namesThings: true as const,
});

export const rows: Rows = {
  "GET /people": {
    asks: () => [
      "/people",
      "/people?q=r&role=resident&status=none&sort=-name&limit=500&offset=0",
      "/people?q=ana&sort=email",
    ],
  },
  "GET /people (of one community)": {
    asks: ({ community }) => [`/people?community=${community}`],
    namesThings: true,
  },
  "GET /people/:person": {
    asks: ({ person }) => [`/people/${person}`],
    namesThings: true,
  },
  "GET /people/:person/sign-ins": {
    asks: ({ person }) => [`/people/${person}/sign-ins`],
    namesThings: true,
  },
  "POST /people": {
    asks: ({ community }) => [
      { path: "/people", body: { role: "resident", on: { kind: "community", id: community } } },
    ],
    namesThings: true,
  },
  "PATCH /people/:person": about("", { phone: null }),
  "DELETE /people/:person": about(""),
  "POST /people/deletion-preview": {
    asks: ({ person }) => [{ path: "/people/deletion-preview", body: { ids: [person] } }],
    tellsUnknown: true,
  },
  // Of many each has its own outcome: what lies out of reach is "not_found" there (people.test.ts).
  "POST /people/delete": {
    asks: ({ person }) => [{ path: "/people/delete", body: { ids: [person] } }],
  },
  "POST /people/disable": {
    asks: ({ person }) => [{ path: "/people/disable", body: { ids: [person] } }],
  },
  "POST /people/enable": {
    asks: ({ person }) => [{ path: "/people/enable", body: { ids: [person] } }],
  },
  "POST /people/invite": {
    asks: ({ person }) => [{ path: "/people/invite", body: { ids: [person] } }],
  },
  "POST /people/:person/memberships": {
    asks: ({ person, community }) => [
      {
        path: `/people/${person}/memberships`,
        body: { role: "resident", on: { kind: "community", id: community } },
      },
    ],
    namesThings: true,
  },
  "PATCH /people/:person/memberships/:membership": {
    asks: ({ person }) => [{ path: `/people/${person}/memberships/${noMembership}`, body: {} }],
    namesThings: true,
  },
  "DELETE /people/:person/memberships/:membership": {
    asks: ({ person }) => [{ path: `/people/${person}/memberships/${noMembership}`, body: {} }],
    namesThings: true,
  },
  "POST /people/:person/invitation": about("/invitation", { way: "link" }),
  "POST /people/:person/email": about("/email", { email: "another@example.org" }),
  "DELETE /people/:person/invitation": about("/invitation"),
  "POST /people/:person/password": about("/password", {
    password: "violet harbour 19",
    password_again: "violet harbour 19",
  }),
  "POST /people/:person/code": about("/code"),
  "POST /people/:person/disable": about("/disable"),
  "POST /people/:person/enable": about("/enable"),
  "DELETE /people/:person/sign-ins": about("/sign-ins"),
  "POST /residents/:resident/code": {
    asks: ({ resident }) => [{ path: `/residents/${resident}/code`, body: {} }],
    namesThings: true,
  },
  "DELETE /residents/:resident/code": {
    asks: ({ resident }) => [{ path: `/residents/${resident}/code`, body: {} }],
    namesThings: true,
  },
};
