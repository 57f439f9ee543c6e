/** `ask`: asks this gateway for something at the site; sent again with the same id it is one thing. */
import type { SetupRequestAsked, SetupRequestRow } from "#shared/api/gateway-setup.ts";
import { post, type Answer } from "#shared/web/api-client.ts";

const DIGITS = "0123456789abcdefghijklmnopqrstuv";

/** `q-` and 16 digits. Not `randomUUID`: on the building's own network there is no certificate. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `q-${Array.from(bytes, (byte) => DIGITS[byte & 31]).join("")}`;
}

export const ask = (request: SetupRequestAsked): Promise<Answer<SetupRequestRow>> =>
  post<SetupRequestRow>("/setup/requests", request);
