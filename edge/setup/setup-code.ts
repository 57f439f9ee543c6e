/**
 * `setup-code`: what opens a gateway's setup page: made at the first start of this very device, in
 * a file of mode 0600 and on the console. There is no password that two gateways share.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ClaimCode, newClaimCode, shownClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";

export interface SetupCode {
  /** As it is shown: two groups of five. */
  readonly shown: string;
  readonly isNew: boolean;
  /** Whether what somebody typed is the code, in any case and with or without the hyphen. */
  isRight(typed: string): boolean;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** The code in `folder`, made when there is none. @throws Fault "invalid" when the file is damaged */
export async function setupCodeIn(
  folder: string,
  random: (size: number) => Uint8Array,
): Promise<SetupCode> {
  const path = join(folder, "setup-code");
  const found = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) {
    const code = newClaimCode(random);
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(`${shownClaimCode(code)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    return opened(code, true);
  }
  const parsed = ClaimCode.safeParse(found.trim());
  if (!parsed.success)
    throw new Fault(
      "invalid",
      `${path} is damaged: remove it, and the next start makes a new code`,
    );
  return opened(parsed.data, false);
}

function opened(code: ClaimCode, isNew: boolean): SetupCode {
  const right = digest(code);
  return {
    shown: shownClaimCode(code),
    isNew,
    isRight: (typed) => {
      const parsed = ClaimCode.safeParse(typed);
      return timingSafeEqual(digest(parsed.success ? parsed.data : ""), right);
    },
  };
}
