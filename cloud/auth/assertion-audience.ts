/** `assertion-audience`: for which hub an assertion was made; one made for another hub is worth nothing here. */
import { decodeJwt } from "jose";
import { Fault } from "#shared/model/fault.ts";

/** What the assertion says it is for, when that is us. @throws Fault "unauthorized" */
export function audienceOf(assertion: string, isOwn: (url: URL) => boolean): string {
  try {
    const { aud } = decodeJwt(assertion);
    if (typeof aud === "string" && URL.canParse(aud) && isOwn(new URL(aud))) return aud;
  } catch (error) {
    throw new Fault("unauthorized", "This is no assertion.", {}, error);
  }
  throw new Fault("unauthorized", "This assertion was not made for this hub.");
}
