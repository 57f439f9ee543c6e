/**
 * `access-token`: proves to the hub who this gateway is and gets a token of at most ten minutes for it.
 *
 * The token and the assertion are held in memory and never logged. Only a signed word of the hub
 * that this gateway remembers makes it give up; whoever else says "no" is asked again.
 */
import { TokenTalk, type HubFace } from "#shared/api/gateway-talk.ts";
import { signAssertion } from "#shared/auth/gateway-token.ts";
import { readStatement, type Statement } from "#shared/auth/hub-statement.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { askHub, type HubCall } from "./hub-calls.ts";
import { troubled } from "./hub-trouble.ts";
import type { Identity } from "./identity.ts";

export interface AccessToken {
  /** A token that holds for a while yet; asks for a new one when it must. @throws Fault "unauthorized" | "unavailable" */
  get(): Promise<string>;
  /** Asks for a new one now. @throws the same, and Withdrawn */
  renew(): Promise<TokenTalk>;
  /** The hub takes it no more. */
  drop(): void;
}

/** The hub's signed word that this gateway is let in no more. */
export class Withdrawn extends Error {
  readonly statement: Statement;
  constructor(statement: Statement) {
    super("the hub has withdrawn this gateway");
    this.name = "Withdrawn";
    this.statement = statement;
  }
}

export interface AccessTokenOptions extends HubCall {
  readonly identity: Identity;
  readonly clock: Clock;
  /** The hub as remembered; undefined before the first talk. */
  readonly face: () => HubFace | undefined;
  /** The hub refuses an assertion of another time than its own, and says what time it is: told, and asked once more. */
  readonly onHubTime: (hubMs: number) => void;
}

/** Renewed this long before it ends, while it still works. */
const MARGIN_MS = 120_000;
/** Clocks that differ by less are not why an assertion is refused. */
const OTHER_TIME_MS = 30_000;

export function accessToken(options: AccessTokenOptions): AccessToken {
  const { identity, clock, hubUrl, face, onHubTime } = options;
  let held: { readonly token: string; readonly untilMs: number } | undefined;
  let asking: Promise<TokenTalk> | undefined;

  const ask = async (isAgain = false): Promise<TokenTalk> => {
    const assertion = await signAssertion({
      key: identity.signingKey,
      gatewayId: identity.gatewayId,
      audience: hubUrl,
      nowMs: clock.now(),
    });
    try {
      const talk = await askHub(options, { path: "token", body: { assertion }, schema: TokenTalk });
      held = { token: talk.access_token, untilMs: clock.now() + talk.expires_in * 1000 };
      return talk;
    } catch (error) {
      if (!isFault(error)) throw error;
      const { hubTimeAt, statement } = error.details;
      const hubMs = typeof hubTimeAt === "string" ? Date.parse(hubTimeAt) : Number.NaN;
      const isOtherTime = Math.abs(hubMs - clock.now()) > OTHER_TIME_MS;
      if (error.code === "unauthorized" && !isAgain && isOtherTime) {
        onHubTime(hubMs);
        return ask(true);
      }
      if (error.code === "unauthorized" && isOtherTime) {
        const seconds = Math.round((hubMs - clock.now()) / 1000);
        throw troubled("unauthorized", { code: "clock_wrong", seconds }, { cause: error });
      }
      if (error.code === "unauthorized")
        throw troubled("unauthorized", { code: "not_claimed" }, { cause: error });
      if (error.code === "forbidden") throw await refused(statement);
      throw error;
    }
  };
  /** What a "no" is worth: only the remembered hub's signed word ends it all. */
  const refused = async (statement: unknown): Promise<Error> => {
    const known = face();
    if (typeof statement !== "string" || !known)
      return troubled("unauthorized", { code: "shut_out" });
    try {
      return new Withdrawn(await readStatement(statement, known.identity, identity.gatewayId));
    } catch {
      return troubled("unauthorized", { code: "false_word" });
    }
  };
  const renew = () => (asking ??= ask().finally(() => (asking = undefined)));
  return {
    renew,
    drop: () => void (held = undefined),
    async get() {
      const old = held;
      if (old && clock.now() < old.untilMs - MARGIN_MS) return old.token;
      try {
        return (await renew()).access_token;
      } catch (error) {
        // While it still works, a renewal that fails ends nothing that is under way.
        if (isFault(error, "unavailable") && old && clock.now() < old.untilMs) return old.token;
        throw error;
      }
    },
  };
}
