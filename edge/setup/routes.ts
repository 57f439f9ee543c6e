/** `routes`: the setup page's API, as `shared/api/gateway-setup.ts` describes it. */
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { success } from "#shared/api/envelope.ts";
import { SetupClaim, SetupSignIn, type SetupState } from "#shared/api/gateway-setup.ts";
import { ClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";
import { hubAddress, type HubPlace } from "#edge/sync/hub-place.ts";
import { body } from "./body.ts";
import { siteRoutes, type SiteRoutesOptions } from "./site-routes.ts";
import { SETUP_SIGN_IN_MS, type SetupSignIns } from "./setup-sign-ins.ts";

export interface SetupRoutesOptions {
  readonly signIns: SetupSignIns;
  readonly place: HubPlace;
  readonly state: () => SetupState;
  /** Homes, meters, and what is asked for here. */
  readonly site: SiteRoutesOptions;
  /** Where a request came from, for slowing down guesses. */
  readonly addressOf: (env: unknown) => string;
}

const COOKIE = "riser_setup";
const MOST_BYTES = 4_000;

export function setupRoutes({ signIns, place, state, site, addressOf }: SetupRoutesOptions): Hono {
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: () => {
        throw new Fault("too_large", "That is too long.");
      },
    }),
  );
  const signedIn: MiddlewareHandler = async (c, next) => {
    if (!signIns.isIn(getCookie(c, COOKIE)))
      throw new Fault("unauthorized", "The device's setup code is needed.");
    c.header("cache-control", "no-store");
    await next();
  };
  app.post("/sign-in", async (c) => {
    const { code } = await body(c, SetupSignIn);
    const token = signIns.signIn(code, addressOf(c.env));
    // Not Secure: on the building's own network there is no certificate. Strict: no link leads here.
    setCookie(c, COOKIE, token, {
      path: "/api/v1/setup",
      httpOnly: true,
      sameSite: "Strict",
      maxAge: SETUP_SIGN_IN_MS / 1000,
    });
    c.header("cache-control", "no-store");
    return c.json(success(state()));
  });
  app.post("/sign-out", (c) => {
    signIns.signOut(getCookie(c, COOKIE));
    deleteCookie(c, COOKIE, { path: "/api/v1/setup" });
    return c.body(null, 204);
  });
  app.get("/state", signedIn, (c) => c.json(success(state())));
  app.post("/claim", signedIn, async (c) => {
    const { hub, code: typed } = await body(c, SetupClaim);
    const url = hubAddress(hub);
    const code = ClaimCode.safeParse(typed);
    if (!code.success)
      throw new Fault("invalid", "A claim code is ten letters and digits.", {
        fields: { code: "ten letters and digits" },
      });
    const settled = place.url();
    if (place.isSettled() && settled !== url)
      throw new Fault("conflict", `This gateway's settings name another hub: ${settled}`);
    await place.claim(url, code.data);
    return c.json(success(state()));
  });
  app.use("*", signedIn);
  app.route("/", siteRoutes(site));
  return app;
}
