/**
 * `publisher`: says things to an MQTT broker with QoS 1 and knows which of them arrived.
 *
 * A broken connection is followed by a new one, and what was not acknowledged is sent again, same
 * bytes. The client's own queue and store are kept out of it: they send one message after the
 * other, each waiting for its PUBACK, where hundreds could be under way.
 */
import mqtt, { type MqttClient } from "mqtt";

export interface Publisher {
  /** True with the PUBACK; false when the publisher was stopped before. Never rejects. */
  publish(topic: string, body: string): Promise<boolean>;
  stop(): Promise<void>;
}

const RECONNECT_MS = 500;
const HICCUP_MS = 50;

/** @param onTrouble told in words when the broker cannot be reached; never holds the password */
export function publisher(
  url: string,
  { clientId, onTrouble }: { clientId: string; onTrouble: (reason: string) => void },
): Publisher {
  const unanswered = new Set<(isAcknowledged: boolean) => void>();
  let client: MqttClient;
  let connected = latch();
  let isStopped = false;
  let reconnecting: NodeJS.Timeout | undefined;

  function open(): void {
    const opened = mqtt.connect(url, { clientId, reconnectPeriod: 0, connectTimeout: 5_000 });
    client = opened;
    opened.on("connect", () => connected.open());
    opened.on("error", (error) => onTrouble(error.message));
    opened.once("close", () => {
      if (opened !== client) return;
      connected.open();
      if (!isStopped) {
        connected = latch();
        reconnecting = setTimeout(open, RECONNECT_MS);
      }
      for (const settle of unanswered) settle(false);
      opened.end(true);
    });
  }
  open();

  const once = (topic: string, body: string): Promise<boolean> =>
    new Promise((resolve) => {
      const settle = (isAcknowledged: boolean) => {
        unanswered.delete(settle);
        resolve(isAcknowledged);
      };
      unanswered.add(settle);
      try {
        client.publish(topic, body, { qos: 1 }, (error) => settle(!error));
      } catch {
        // Its connection has gone and nobody has told us yet.
        setTimeout(settle, HICCUP_MS, false);
      }
    });

  return {
    async publish(topic, body) {
      for (;;) {
        await connected.promise;
        if (isStopped) return false;
        if (await once(topic, body)) return true;
      }
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      clearTimeout(reconnecting);
      connected.open();
      await client.endAsync(true);
      for (const settle of unanswered) settle(false);
    },
  };
}

/** A promise that somebody else resolves. */
function latch(): { readonly promise: Promise<void>; open(): void } {
  let open = () => {};
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open: () => open() };
}
