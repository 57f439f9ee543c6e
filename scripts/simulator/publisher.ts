/**
 * `publisher`: says things to an MQTT broker with QoS 1 and knows which of them arrived.
 *
 * What was not acknowledged when a connection broke is sent again, same bytes, over the next one.
 */
import mqtt from "mqtt";

export interface Publisher {
  /** True with the PUBACK; false when the publisher was stopped before. Never rejects. */
  publish(topic: string, body: string): Promise<boolean>;
  stop(): Promise<void>;
}

const RETRY_MS = 100;

/** @param onTrouble told in words when the broker cannot be reached; never holds the password */
export function publisher(
  url: string,
  { clientId, onTrouble }: { clientId: string; onTrouble: (reason: string) => void },
): Publisher {
  const client = mqtt.connect(url, { clientId, reconnectPeriod: 500, connectTimeout: 5_000 });
  client.on("error", (error) => onTrouble(error.message));
  let stopping: Promise<void> | undefined;
  const unanswered = new Set<(isAcknowledged: boolean) => void>();
  const once = (topic: string, body: string): Promise<boolean> =>
    new Promise((resolve) => {
      const settle = (isAcknowledged: boolean) => {
        unanswered.delete(settle);
        resolve(isAcknowledged);
      };
      unanswered.add(settle);
      client.publish(topic, body, { qos: 1 }, (error) => settle(!error));
    });
  return {
    async publish(topic, body) {
      // A connection that breaks gives up some of what was under way; it is queued for the next.
      while (!stopping) {
        if (await once(topic, body)) return true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
      return false;
    },
    stop() {
      stopping ??= client.endAsync(true).then(() => {
        for (const settle of unanswered) settle(false);
      });
      return stopping;
    },
  };
}
