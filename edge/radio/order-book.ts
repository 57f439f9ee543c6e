/**
 * `order-book`: the orders to send that antennas were given and have not answered yet, by the
 * token that an order and its answer (TX_ACK) share.
 */
import type { Clock } from "#shared/model/clock.ts";
import type { DownlinkOutcome } from "./antenna-link.ts";

/** How long an antenna has to say what became of an order, ms. */
const ANSWER_WITHIN_MS = 2000;
const TOKENS = 0x1_0000;

export interface OrderBook {
  /** Gives the order away by `say`, with its token (16 bits), and waits for what the antenna says. Never rejects. */
  place(eui: string, say: (token: number) => void): Promise<DownlinkOutcome>;
  /**
   * What an antenna said. An answer to an order that nobody waits for changes nothing.
   * @param eui null from antennas that leave it out
   * @param error `NONE` when it takes the order
   */
  answered(token: number, eui: string | null, error: string): void;
}

export function orderBook(clock: Clock): OrderBook {
  const open = new Map<number, { eui: string; settle: (outcome: DownlinkOutcome) => void }>();
  let next = 0;
  return {
    async place(eui, say) {
      if (open.size === TOKENS) return { outcome: "refused", reason: "TOO_MANY_ORDERS" };
      while (open.has(next)) next = (next + 1) % TOKENS;
      const token = next;
      next = (next + 1) % TOKENS;
      const settled = new AbortController();
      let outcome: DownlinkOutcome = { outcome: "silent" };
      open.set(token, {
        eui,
        settle(said) {
          outcome = said;
          settled.abort();
        },
      });
      say(token);
      await clock.sleep(ANSWER_WITHIN_MS, settled.signal);
      open.delete(token);
      return outcome;
    },
    answered(token, eui, error) {
      const order = open.get(token);
      if (!order || (eui !== null && eui !== order.eui)) return;
      order.settle(error === "NONE" ? { outcome: "sent" } : { outcome: "refused", reason: error });
    },
  };
}
