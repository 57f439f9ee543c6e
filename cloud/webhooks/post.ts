/**
 * `post`: sends one request to an address somebody else chose. The name is looked up once, every
 * address it leads to is looked at, and the connection goes to just that one: a name that changes
 * its mind in between gains nothing. Redirects are not followed, answers not read beyond a little.
 */
import { lookup } from "node:dns/promises";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP } from "node:net";
import { Fault } from "#shared/model/fault.ts";
import { isPublicAddress } from "./public-address.ts";

export interface PostOptions {
  /** Sends to private addresses too: for a hub and receivers in one network. */
  readonly mayBePrivate: boolean;
  readonly timeoutMs: number;
}

export interface PostAnswer {
  readonly status: number;
  /** The first characters of what came back. */
  readonly text: string;
}

const MOST_TEXT = 500;

/** @throws Fault "invalid" for an address that may not be, "unavailable" when nothing came back */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { mayBePrivate, timeoutMs }: PostOptions,
): Promise<PostAnswer> {
  const address = await addressOf(url, mayBePrivate);
  const send = url.protocol === "https:" ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(new Fault("unavailable", `It could not be reached: ${error.message}`, {}, error));
    const outgoing = send(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
        lookup: (_name, options, done) => {
          const family = isIP(address);
          if (options.all) done(null, [{ address, family }]);
          else done(null, address, family);
        },
        signal: AbortSignal.timeout(timeoutMs),
        agent: false,
      },
      (incoming) => {
        let text = "";
        const end = () => resolve({ status: incoming.statusCode ?? 0, text });
        incoming.setEncoding("utf8");
        incoming.on("data", (part: string) => {
          text = (text + part).slice(0, MOST_TEXT);
          if (text.length < MOST_TEXT) return;
          end();
          incoming.destroy();
        });
        incoming.on("end", end);
        incoming.on("error", failed);
      },
    );
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}

async function addressOf({ hostname }: URL, mayBePrivate: boolean): Promise<string> {
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  const found =
    isIP(name) === 0
      ? await lookup(name, { all: true }).catch((error: NodeJS.ErrnoException) => {
          throw new Fault("unavailable", `${name} is not known: ${error.code ?? error.message}`);
        })
      : [{ address: name }];
  const [first] = found;
  if (!first) throw new Fault("unavailable", `${name} leads nowhere.`);
  if (!mayBePrivate && !found.every(({ address }) => isPublicAddress(address)))
    throw new Fault(
      "invalid",
      "The address lies in a private network: the hub sends nothing there.",
    );
  return first.address;
}
