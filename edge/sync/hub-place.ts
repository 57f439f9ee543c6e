/**
 * `hub-place`: which hub this gateway belongs to, and the claim that is under way.
 *
 * A file of the data folder (`hub.json`, mode 0600), written by the setup page, by `riser-edge
 * claim` and by the running gateway alike: each looks whether it changed. A code typed in while
 * there is no internet waits here until the hub is reached.
 *
 * History: 1 = first release.
 */
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HubFace, type Claimed } from "#shared/api/gateway-talk.ts";
import type { ClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";

const PlaceFile = z.object({
  v: z.literal(1),
  url: z.url().optional(),
  /** A code that was not brought to the hub yet, or that the hub did not take (`refused`, in words). */
  claim: z.object({ code: z.string(), refused: z.string().optional() }).optional(),
  /** The hub as it showed itself at the first talk, and under which address. */
  known: z.object({ url: z.string(), face: HubFace }).optional(),
  /** How the operator calls this gateway. */
  name: z.string().optional(),
});
type PlaceFile = z.infer<typeof PlaceFile>;

export interface HubPlace {
  /** Without a slash at the end; undefined while nobody has said. */
  url(): string | undefined;
  /** The settings say which: a claim cannot change it. */
  isSettled(): boolean;
  /** The hub as remembered. */
  face(): HubFace | undefined;
  /** The hub remembered last, under whatever address. */
  knownFace(): HubFace | undefined;
  /** A code to be brought to the hub. */
  code(): ClaimCode | undefined;
  /** Why the hub did not take the last code. */
  refused(): string | undefined;
  name(): string | undefined;
  /** Remembers the hub from the first talk; later ones change nothing. False when it is another hub. */
  meet(face: HubFace): Promise<boolean>;
  /** A code that is to be brought to a hub as soon as it is reached. */
  claim(url: string, code: ClaimCode): Promise<void>;
  claimed(answer: Claimed): Promise<void>;
  claimRefused(why: string): Promise<void>;
  /** Looks at the file; true when somebody changed it. */
  refresh(): Promise<boolean>;
}

/** The address as typed: `hub.example.org` is meant with https. @throws Fault "invalid" */
export function hubAddress(text: string): string {
  const typed = text.trim().replace(/\/+$/, "");
  const whole = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.pathname !== "/")
    throw new Fault("invalid", "The hub's address is one such as https://hub.example.org", {
      fields: { hub: "an address such as https://hub.example.org" },
    });
  return url.origin;
}

/** @param settledUrl what the settings say (HUB_URL); it counts before what was claimed */
export async function hubPlace(folder: string, settledUrl: string | undefined): Promise<HubPlace> {
  const path = join(folder, "hub.json");
  let file: PlaceFile = { v: 1 };
  let text = "";
  const read = async () => {
    const found = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    if (found === text) return false;
    text = found;
    file = found === "" ? { v: 1 } : (PlaceFile.safeParse(jsonOf(found)).data ?? { v: 1 });
    return true;
  };
  const write = async (change: Partial<PlaceFile>) => {
    await read();
    const next = PlaceFile.parse({ ...file, ...change, v: 1 });
    const written = `${JSON.stringify(next, null, 2)}\n`;
    const handle = await open(`${path}.new`, "w", 0o600);
    try {
      await handle.writeFile(written);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${path}.new`, path);
    [file, text] = [next, written];
  };
  await read();
  const url = () => settledUrl ?? file.url;
  return {
    url,
    isSettled: () => settledUrl !== undefined,
    face: () => (file.known && file.known.url === url() ? file.known.face : undefined),
    knownFace: () => file.known?.face,
    code: () => (file.claim?.refused === undefined ? (file.claim?.code as ClaimCode) : undefined),
    refused: () => file.claim?.refused,
    name: () => file.name,
    async meet(face) {
      const place = url();
      if (place === undefined) return true;
      if (file.known?.url === place)
        return JSON.stringify(file.known.face.identity) === JSON.stringify(face.identity);
      await write({ known: { url: place, face } });
      return true;
    },
    claim: (wanted, code) => write({ url: wanted, claim: { code } }),
    async claimed({ hub, name }) {
      await write({ claim: undefined, name, known: { url: url() as string, face: hub } });
    },
    async claimRefused(why) {
      if (file.claim) await write({ claim: { ...file.claim, refused: why } });
    },
    refresh: read,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
