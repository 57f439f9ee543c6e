/**
 * `unsent`: segments that a withdrawn gateway could not send any more, and what was asked for at it: signed
 * with its key, so that they are nobody else's, and sealed for its hub, so that whoever holds the machine
 * reads nothing.
 *
 * A file is a compact JWE (ECDH-ES+A256KW, A256GCM) around a compact JWS (ES256) around JSON, gzipped.
 *
 * @see RFC 7515 (JWS), RFC 7516 (JWE)
 */
import { gunzip, gzip } from "node:zlib";
import { promisify } from "node:util";
import {
  compactDecrypt,
  CompactEncrypt,
  CompactSign,
  compactVerify,
  decodeProtectedHeader,
  importJWK,
  type CryptoKey,
  type JWK,
} from "jose";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";
import { RequestDoc } from "#shared/model/events/request.ts";
import { GatewayId } from "#shared/model/ids.ts";
import { SegmentDoc } from "#shared/model/segment.ts";

const TYPE = "riser-unsent";
const [WRAPPED_BY, SEALED_BY] = ["ECDH-ES+A256KW", "A256GCM"] as const;
/** What a file may hold when it is opened: a thousand segments of the largest are less. */
const MOST_BYTES = 400_000_000;

const [squeeze, unsqueeze] = [promisify(gzip), promisify(gunzip)];

export const Unsent = z.object({
  gatewayId: GatewayId,
  /** The database they stood in: segments, or requests. */
  name: z.string(),
  /** With the revisions they had there. */
  docs: z.array(
    z.union([
      z.looseObject({ ...SegmentDoc.shape, _rev: z.string() }),
      z.looseObject({ ...RequestDoc.shape, _rev: z.string() }),
    ]),
  ),
});
export type Unsent = z.infer<typeof Unsent>;

/** The file's text. */
export async function sealUnsent(
  unsent: {
    readonly gatewayId: GatewayId;
    readonly name: string;
    readonly docs: readonly object[];
  },
  signing: CryptoKey,
  hubSealing: JWK,
): Promise<string> {
  const squeezed = await squeeze(JSON.stringify(unsent));
  const signed = await new CompactSign(new Uint8Array(squeezed))
    .setProtectedHeader({ alg: "ES256", typ: TYPE, kid: unsent.gatewayId })
    .sign(signing);
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg: WRAPPED_BY, enc: SEALED_BY, typ: TYPE, cty: "JOSE" })
    .encrypt(await importJWK(hubSealing, WRAPPED_BY));
}

/**
 * What is in a file.
 *
 * @param signingOf the public key of a gateway; a Fault of it is thrown on
 * @throws Fault "invalid" for what is not sealed for this hub, not signed by the gateway it names, or damaged
 */
export async function openUnsent(
  text: string,
  sealing: KeyObject | CryptoKey,
  signingOf: (gatewayId: GatewayId) => Promise<JWK>,
): Promise<Unsent> {
  const signed = await opened(text, sealing);
  const gatewayId = GatewayId.safeParse(decodeProtectedHeader(signed).kid);
  if (!gatewayId.success) throw new Fault("invalid", "it does not say which gateway it is from");
  const key = await importJWK(await signingOf(gatewayId.data), "ES256");
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(signed, key, { algorithms: ["ES256"] }));
  } catch (error) {
    throw new Fault("invalid", `${gatewayId.data} has not signed this`, {}, error);
  }
  try {
    const plain = await unsqueeze(payload, { maxOutputLength: MOST_BYTES });
    const unsent = Unsent.parse(JSON.parse(plain.toString("utf8")));
    if (unsent.gatewayId !== gatewayId.data) throw new Error("it names two gateways");
    return unsent;
  } catch (error) {
    throw new Fault("invalid", "what is in it cannot be read", {}, error);
  }
}

async function opened(text: string, sealing: KeyObject | CryptoKey): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(text.trim(), sealing, {
      keyManagementAlgorithms: [WRAPPED_BY],
      contentEncryptionAlgorithms: [SEALED_BY],
    });
    const signed = new TextDecoder().decode(plaintext);
    if (decodeProtectedHeader(signed).typ !== TYPE) throw new Error("it is something else");
    return signed;
  } catch (error) {
    throw new Fault("invalid", "it is not sealed for this hub, or damaged", {}, error);
  }
}
