/**
 * `routes`: how an operator comes in and goes: set-up link, sign-in, sign-out, and who they are.
 *
 * Must never say whether an e-mail address is known: the same sentence after the same time.
 */
import { Hono, type Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Env } from "#cloud/areas/area.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { setUp } from "#cloud/hub/setup.ts";
import { PasswordSignIn, type Operator } from "#shared/api/admin.ts";
import { success } from "#shared/api/envelope.ts";
import { attempts, signInLimits } from "#shared/auth/attempts.ts";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { PersonDoc } from "./people-store.ts";
import { COOKIE, signedIn, type Cookies } from "./signed-in.ts";

export interface AuthRoutesOptions {
  readonly hub: Hub;
  readonly cookie: Cookies;
  readonly addressOf: (c: Context) => string;
  readonly onFailed: () => void;
}

/** One address may be a whole office: it gets more tries than one person from it. */
const ADDRESS_LIMITS = { ...signInLimits, free: 30 };

const scope = systemScope("sign-in");

export function authRoutes({ hub, cookie, addressOf, onFailed }: AuthRoutesOptions): Hono<Env> {
  const app = new Hono<Env>();
  const byPerson = attempts(hub.clock);
  const byAddress = attempts(hub.clock, ADDRESS_LIMITS);

  app.get("/setup/:token", async (c) => {
    c.header("cache-control", "no-store");
    return c.json(success({ isValid: await hub.setupLinks.isValid(c.req.param("token")) }));
  });
  app.post("/setup", async (c) => {
    const address = addressOf(c);
    byAddress.check(address);
    const person = await setUp(hub, await c.req.json().catch(() => undefined)).catch(
      (error: unknown) => {
        byAddress.failed(address);
        throw error;
      },
    );
    cookie.set(c, await hub.signIns.begin(person.personId));
    return c.json(success(await operator(hub, person)), 201);
  });
  app.post("/sign-in", async (c) => {
    const parsed = PasswordSignIn.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) throw new Fault("invalid", "E-mail and password are needed.");
    const { email, password } = parsed.data;
    const address = addressOf(c);
    const both = `${address} ${email.trim().toLowerCase()}`;
    byPerson.check(both);
    byAddress.check(address);
    // Counted before the answer is known: many at once must not pass together.
    byPerson.failed(both);
    byAddress.failed(address);
    const person = await hub.people.findByEmail(scope, email);
    const isRight = person
      ? await isSecret(person.passwordHash, password)
      : await isNobodysSecret(password);
    if (!person || !isRight) {
      onFailed();
      throw new Fault("unauthorized", "The e-mail address or the password is not right.");
    }
    byPerson.succeeded(both);
    byAddress.succeeded(address);
    if (person.isDisabled)
      throw new Fault("forbidden", "This sign-in was disabled by an administrator.");
    cookie.set(c, await hub.signIns.begin(person.personId));
    return c.json(success(await operator(hub, person)));
  });
  app.post("/sign-out", async (c) => {
    const token = getCookie(c, COOKIE);
    if (token !== undefined) await hub.signIns.end(token);
    cookie.remove(c);
    return c.body(null, 204);
  });
  app.get("/me", signedIn(hub, cookie), async (c) =>
    c.json(success(await operator(hub, c.var.person))),
  );
  return app;
}

async function operator(hub: Hub, person: PersonDoc): Promise<Operator> {
  const organizations = await hub.registry.organizations();
  const one = organizations.find(({ organizationId }) => organizationId === person.organizationId);
  const { personId, firstName, lastName, email, organizationId } = person;
  return {
    personId,
    firstName,
    lastName,
    email,
    organization: { id: organizationId, name: one?.name ?? "" },
  };
}
