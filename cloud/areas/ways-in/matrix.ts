/** `matrix`: mail server and providers are for operators alone; with them anybody could be let in, so no key sets them. */
import type { Rows } from "#cloud/api/matrix.ts";

/** Keys have the right by their scope, and are refused: see the area. */
const alsoForbidden = ["admin key of A", "admin key of A1"];
const mail = {
  host: "127.0.0.1",
  port: 25,
  security: "none",
  from_address: "hub@example.org",
  from_name: "Hub",
};
const provider = { name: "Other", issuer: "https://id.example.org", client_id: "riser" };
const none = "/settings/providers/pr-0000000000000000";

export const rows: Rows = {
  "GET /settings/mail": { asks: () => ["/settings/mail"], alsoForbidden },
  "PUT /settings/mail": { asks: () => [{ path: "/settings/mail", body: mail }], alsoForbidden },
  "DELETE /settings/mail": { asks: () => [{ path: "/settings/mail", body: {} }], alsoForbidden },
  "POST /settings/mail/test": {
    asks: () => [{ path: "/settings/mail/test", body: {} }],
    alsoForbidden,
  },
  "GET /mails": { asks: () => ["/mails", "/mails?limit=5&offset=0"], alsoForbidden },
  "GET /settings/providers": { asks: () => ["/settings/providers"], alsoForbidden },
  "POST /settings/providers": {
    asks: () => [{ path: "/settings/providers", body: provider }],
    alsoForbidden,
  },
  "PUT /settings/providers/:provider": {
    asks: () => [{ path: none, body: provider }],
    alsoForbidden,
  },
  "DELETE /settings/providers/:provider": { asks: () => [{ path: none, body: {} }], alsoForbidden },
  "POST /settings/providers/:provider/test": {
    asks: () => [{ path: `${none}/test`, body: {} }],
    alsoForbidden,
  },
};
