/**
 * `security-headers`: what every answer of a page says about what a browser may do with it.
 *
 * Must never send HSTS: a gateway is reached over plain http on the building's own network, and
 * a browser that once remembered the promise could not come back.
 */
import type { MiddlewareHandler } from "hono";

/** Only our own files, no inline script or style, no frame around us, forms to ourselves. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": contentPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;

/** Sets the headers on every answer below it, also on refusals. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
  };
}
