/** `cookies`: the one cookie with which a browser is signed in. */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SIGN_IN_LIFE_MS } from "./sign-in-store.ts";

const COOKIE = "riser_signin";

export interface Cookies {
  get(c: Context): string | undefined;
  set(c: Context, token: string): void;
  remove(c: Context): void;
}

/** @param isSecure true where browsers reach the hub over https: the cookie then never leaves it */
export function cookies(isSecure: boolean): Cookies {
  const options = { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure } as const;
  return {
    get: (c) => getCookie(c, COOKIE),
    set: (c, token) => setCookie(c, COOKIE, token, { ...options, maxAge: SIGN_IN_LIFE_MS / 1000 }),
    remove: (c) => void deleteCookie(c, COOKIE, options),
  };
}
