/**
 * `hub-statement`: what a hub says to a gateway that must not be believed of anybody else, such as
 * "you are withdrawn": a JWT signed with the hub's identity key, whose public half the gateway
 * remembers from its first talk with the hub. What a captive portal, a proxy or a neighbour on the
 * line says is no statement.
 *
 * @see RFC 7519 (JWT), RFC 7518 section 3.4 (ES256)
 */
import { importJWK, jwtVerify, SignJWT, type JWK } from "jose";
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";
import { GatewayId } from "#shared/model/ids.ts";
import type { SigningKey } from "./gateway-token.ts";

const TYPE = "riser-statement+jwt";

/** Why a gateway is let in no more. */
export const withdrawals = ["revoked", "replaced"] as const;

export const Statement = z.object({
  says: z.literal("withdrawn"),
  gatewayId: GatewayId,
  why: z.enum(withdrawals),
  at: z.iso.datetime(),
});
export type Statement = z.infer<typeof Statement>;

export async function signStatement(key: SigningKey, statement: Statement): Promise<string> {
  return new SignJWT({ ...statement }).setProtectedHeader({ alg: "ES256", typ: TYPE }).sign(key);
}

/** @throws Fault "unauthorized" for what this hub did not say, or said to another gateway */
export async function readStatement(
  text: string,
  hubKey: JWK,
  gatewayId: GatewayId,
): Promise<Statement> {
  try {
    const { payload } = await jwtVerify(text, await importJWK(hubKey, "ES256"), {
      algorithms: ["ES256"],
      typ: TYPE,
    });
    const statement = Statement.parse(payload);
    if (statement.gatewayId !== gatewayId) throw new Error("said to another gateway");
    return statement;
  } catch (error) {
    throw new Fault("unauthorized", "this is no statement of the hub to this gateway", {}, error);
  }
}
