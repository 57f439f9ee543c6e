/**
 * Runs PHYPayload vectors: for each, every value under `expected` is worked out by this package and
 * compared. A field this file does not know fails its vector: nothing passes unread.
 *
 * A vector is `{ id, kind, phyHex, version, keys, fCnt, …, expected }`; identifiers are big-endian
 * hex text, `fCnt` is the whole counter, `keys.appKey` of a join accept is the AppKey (1.0) or the
 * NwkKey (1.1). Kinds: data, parse, join-request, join-accept, rejoin-request, frm-crypt,
 * key-derivation, malformed (must be refused by `parse`).
 */
import {
  LorawanError,
  cryptFrmPayload,
  decryptFOpts,
  decryptFrmPayload,
  decryptJoinAccept,
  deriveJoinServerKeys,
  deriveSessionKeys10,
  deriveSessionKeys11,
  fromHex,
  parse,
  toHex,
  verifyDataMic,
  verifyJoinAcceptMic,
  verifyJoinRequestMic,
  verifyRejoinRequestMic,
  type DataDown,
  type DataUp,
  type Direction,
  type Phy,
} from "./index.ts";

/** How a set of vectors went. */
export interface VectorsResult {
  passed: number;
  failed: { id: string; why: string }[];
}

type Values = Record<string, unknown>;
/** What can be said about a vector, each worked out when asked for. */
type Facts = Record<string, () => unknown>;

/** Runs all vectors of a file's JSON: `{ vectors: […] }`, or the list alone. Never throws. */
export function runPhyVectors(json: unknown): VectorsResult {
  const result: VectorsResult = { passed: 0, failed: [] };
  const list = Array.isArray(json) ? json : isValues(json) ? json["vectors"] : undefined;
  if (!Array.isArray(list))
    return { passed: 0, failed: [{ id: "(file)", why: "no list of vectors" }] };
  list.forEach((vector: unknown, index) => {
    const id = isValues(vector) && typeof vector["id"] === "string" ? vector["id"] : `#${index}`;
    const why = isValues(vector) ? whyFailed(vector) : "not an object";
    if (why === undefined) result.passed++;
    else result.failed.push({ id, why });
  });
  return result;
}

function whyFailed(vector: Values): string | undefined {
  const expected = isValues(vector["expected"]) ? vector["expected"] : {};
  if (Object.keys(expected).length === 0) return "nothing is expected";
  try {
    if (vector["kind"] === "malformed") return whyNotRefused(vector, expected);
    return differences(expected, factsOf(vector), "").join("; ") || undefined;
  } catch (error) {
    return wordsOf(error);
  }
}

function whyNotRefused(vector: Values, expected: Values): string | undefined {
  if (expected["reject"] !== true) return "a malformed vector must expect reject: true";
  try {
    parse(fromHex(text(vector, "phyHex")));
    return "accepted, but must be refused";
  } catch (error) {
    return error instanceof LorawanError ? undefined : wordsOf(error);
  }
}

function differences(expected: Values, facts: Facts, path: string): string[] {
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (fact === undefined) return [`${path}${name} cannot be checked`];
    try {
      const is = fact();
      if (isValues(wanted)) {
        const inner = isValues(is)
          ? Object.fromEntries(Object.entries(is).map(([key, value]) => [key, () => value]))
          : {};
        return differences(wanted, inner, `${path}${name}.`);
      }
      return same(wanted, is) ? [] : [`${path}${name} is ${String(is)}, not ${String(wanted)}`];
    } catch (error) {
      return [`${path}${name}: ${wordsOf(error)}`];
    }
  });
}

/** Equal, letter case aside; a number also equals its hex text, and null an absent value. */
function same(wanted: unknown, is: unknown): boolean {
  if (wanted === null) return is === undefined;
  if (typeof wanted === "string" && typeof is === "string")
    return wanted.toLowerCase() === is.toLowerCase();
  if (typeof wanted === "string" && typeof is === "number")
    return /^[0-9a-f]+$/i.test(wanted) && Number.parseInt(wanted, 16) === is;
  return wanted === is;
}

function factsOf(vector: Values): Facts {
  switch (vector["kind"]) {
    case "frm-crypt":
      return {
        ciphertextHex: () => frmCrypt(vector, "plaintextHex"),
        plaintextHex: () => frmCrypt(vector, "ciphertextHex"),
      };
    case "key-derivation":
      return keyFacts(vector);
    case "parse":
      return parsed(vector);
    case "data":
    case "join-request":
    case "join-accept":
    case "rejoin-request": {
      const facts = parsed(vector);
      const type = facts["type"]!() as Phy["type"];
      const is =
        type === "dataUp" || type === "dataDown"
          ? "data"
          : type.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
      if (is !== vector["kind"]) throw new Error(`parsed as ${type}`);
      return facts;
    }
    default:
      throw new Error(`unknown kind ${String(vector["kind"])}`);
  }
}

/** The facts of a frame, whichever it is. */
function parsed(vector: Values): Facts {
  const bytes = fromHex(text(vector, "phyHex"));
  const phy = parse(bytes);
  if (toHex(bytes) !== text(vector, "phyHex").toLowerCase())
    throw new Error("parse changed its argument");
  const facts: Facts = { direction: () => undefined };
  for (const [name, value] of Object.entries(phy)) {
    facts[name] = () => value;
    if (value instanceof Uint8Array) facts[`${name}Hex`] = () => toHex(value);
  }
  if (phy.type === "dataUp" || phy.type === "dataDown")
    return { ...facts, ...dataFacts(phy, vector) };
  if (phy.type === "joinRequest")
    return {
      ...facts,
      micValid: () => verifyJoinRequestMic(phy, oneKey(vector, "appKey", "nwkKey", "key")),
    };
  if (phy.type === "joinAccept") return { ...facts, ...acceptFacts(bytes, vector) };
  if (phy.type === "rejoinRequest") {
    const own = phy.rejoinType === 1 ? "jsIntKey" : "sNwkSIntKey";
    return {
      ...facts,
      micValid: () => verifyRejoinRequestMic(phy, oneKey(vector, "intKey", own, "key")),
    };
  }
  return facts;
}

function dataFacts(phy: DataUp | DataDown, vector: Values): Facts {
  const version = vector["version"] === "1.1" ? "1.1" : "1.0";
  const keys = keysOf(vector);
  const fCnt = (): number => number(vector, "fCnt");
  const optional = (name: string): number | undefined =>
    vector[name] === undefined ? undefined : number(vector, name);
  return {
    fOptsPlainHex: () =>
      version === "1.1" && vector["fOptsEncrypted"] !== false && phy.fOpts.length > 0
        ? toHex(decryptFOpts(phy, { nwkSEncKey: oneKey(vector, "nwkSEncKey"), fCnt: fCnt() }))
        : toHex(phy.fOpts),
    plaintextHex: () => toHex(decryptFrmPayload(phy, { keys, fCnt: fCnt() })),
    micValid: () =>
      version === "1.0"
        ? verifyDataMic(phy, {
            version,
            keys: { nwkSKey: oneKey(vector, "nwkSKey") },
            fCnt: fCnt(),
          })
        : verifyDataMic(phy, {
            version,
            keys: { sNwkSIntKey: oneKey(vector, "sNwkSIntKey"), fNwkSIntKey: keys["fNwkSIntKey"] },
            fCnt: fCnt(),
            confFCnt: optional("confFCnt"),
            txDr: optional("txDr"),
            txCh: optional("txCh"),
          }),
  };
}

function acceptFacts(bytes: Uint8Array, vector: Values): Facts {
  const keys = keysOf(vector);
  const root = keys["nwkKey"] ?? keys["appKey"] ?? keys["key"];
  const joinReqType = vector["joinReqType"] === undefined ? 0xff : number(vector, "joinReqType");
  const hiding = joinReqType === 0xff ? root : (keys["jsEncKey"] ?? root);
  if (hiding === undefined) throw new Error("no key");
  const accept = decryptJoinAccept(bytes, hiding);
  const jsIntKey = (): string | undefined =>
    keys["jsIntKey"] ??
    (root !== undefined && vector["devEui"] !== undefined
      ? deriveJoinServerKeys(root, text(vector, "devEui")).jsIntKey
      : undefined);
  const session = (): Values => {
    if (root === undefined) throw new Error("no root key");
    const { joinNonce, netId } = accept;
    const devNonce = number(vector, "devNonce");
    return accept.optNeg
      ? deriveSessionKeys11({
          nwkKey: root,
          appKey: keys["appKey"] ?? root,
          joinNonce,
          joinEui: text(vector, "joinEui"),
          devNonce,
        })
      : deriveSessionKeys10({ appKey: root, joinNonce, netId, devNonce });
  };
  const sessionFacts = ["nwkSKey", "appSKey", "fNwkSIntKey", "sNwkSIntKey", "nwkSEncKey"].map(
    (name) => [name, () => session()[name]],
  );
  return {
    ...Object.fromEntries(Object.entries(accept).map(([name, value]) => [name, () => value])),
    ...(Object.fromEntries(sessionFacts) as Facts),
    jsIntKey,
    cfListHex: () => toHex(accept.cfList ?? new Uint8Array(0)),
    micHex: () => toHex(accept.mic),
    micValid: () =>
      accept.optNeg
        ? verifyJoinAcceptMic(accept, {
            ...(jsIntKey() === undefined ? {} : { jsIntKey: jsIntKey()! }),
            joinEui: text(vector, "joinEui"),
            devNonce: number(vector, "devNonce"),
            joinReqType,
          })
        : verifyJoinAcceptMic(accept, { key: root }),
  };
}

function keyFacts(vector: Values): Facts {
  const root = text(vector, "rootKey");
  const common = { joinNonce: text(vector, "joinNonce"), devNonce: number(vector, "devNonce") };
  const keys10 = deriveSessionKeys10({ ...common, appKey: root, netId: text(vector, "netId") });
  const keys11 = deriveSessionKeys11({
    ...common,
    appKey: root,
    nwkKey: root,
    joinEui: text(vector, "joinEui"),
  });
  const joinServer = deriveJoinServerKeys(root, text(vector, "devEui"));
  const all: Values = {
    ...keys11,
    ...joinServer,
    appSKey11: keys11.appSKey,
    appSKey10: keys10.appSKey,
    nwkSKey10: keys10.nwkSKey,
    nwkSKey: keys10.nwkSKey,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, () => value]));
}

function frmCrypt(vector: Values, name: string): string {
  const place = {
    devAddr: text(vector, "devAddr"),
    direction: text(vector, "direction") as Direction,
    fCnt: number(vector, "fCnt"),
  };
  return toHex(
    cryptFrmPayload(oneKey(vector, "key", "appSKey"), place, fromHex(text(vector, name))),
  );
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(vector: Values): Record<string, string> {
  return (isValues(vector["keys"]) ? vector["keys"] : {}) as Record<string, string>;
}

function oneKey(vector: Values, ...names: string[]): string {
  const keys = keysOf(vector);
  const name = names.find((each) => keys[each] !== undefined);
  if (name === undefined) throw new Error(`none of the keys ${names.join(", ")}`);
  return keys[name]!;
}

function text(vector: Values, name: string): string {
  const value = vector[name];
  if (typeof value !== "string") throw new Error(`${name} must be text`);
  return value;
}

/** A number, or its hex text. */
function number(vector: Values, name: string): number {
  const value = vector[name];
  const result =
    typeof value === "string" && /^[0-9a-f]+$/i.test(value) ? Number.parseInt(value, 16) : value;
  if (typeof result !== "number") throw new Error(`${name} must be a number`);
  return result;
}

function wordsOf(error: unknown): string {
  if (error instanceof LorawanError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
