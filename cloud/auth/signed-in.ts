/**
 * `signed-in`: who asks, by the cookie they bring, and whether their role has the right.
 *
 * The scope of a request is made here and from nothing the request says itself.
 */
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Env } from "#cloud/areas/area.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { hasRight, type Right } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { PersonDoc } from "./people-store.ts";
import { SIGN_IN_LIFE_MS } from "./sign-in-store.ts";

export const COOKIE = "riser_signin";

export interface Cookies {
  set(c: Context, token: string): void;
  remove(c: Context): void;
}

/** @param isSecure true where browsers reach the hub over https: the cookie then never leaves it */
export function cookies(isSecure: boolean): Cookies {
  const options = { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure } as const;
  return {
    set: (c, token) => setCookie(c, COOKIE, token, { ...options, maxAge: SIGN_IN_LIFE_MS / 1000 }),
    remove: (c) => void deleteCookie(c, COOKIE, options),
  };
}

/** Lets those pass who are signed in; with `right` only those whose role has it. */
export function signedIn(hub: Hub, cookie: Cookies, right?: Right): MiddlewareHandler<Env> {
  const find = async (token: string | undefined) => {
    const found = token === undefined ? undefined : await hub.signIns.personOf(token);
    if (!found) return undefined;
    const person = await personOf(hub, found.personId);
    return person && !person.isDisabled ? { ...found, person } : undefined;
  };
  return async (c, next) => {
    c.header("cache-control", "no-store");
    const token = getCookie(c, COOKIE);
    const found = await find(token);
    if (!found || token === undefined) throw new Fault("unauthorized", "Please sign in.");
    const { person, isMovedOn } = found;
    if (right !== undefined && !hasRight(person.role, right))
      throw new Fault("forbidden", "Your role does not allow this.");
    if (isMovedOn) cookie.set(c, token);
    const { organizationId, personId } = person;
    c.set("person", person);
    c.set("scope", { kind: "organization", organizationId, personId });
    c.set("isStillSignedIn", async () => (await find(token)) !== undefined);
    await next();
  };
}

async function personOf(hub: Hub, personId: PersonDoc["personId"]): Promise<PersonDoc | undefined> {
  try {
    return await hub.people.find(systemScope("signed-in"), personId);
  } catch (error) {
    if (isFault(error, "not_found")) return undefined;
    throw error;
  }
}
