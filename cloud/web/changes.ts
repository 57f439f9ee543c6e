/**
 * `changes`: how often the hub said that something changed, per list: a list asks again when its
 * count grows.
 */
import { signal } from "@preact/signals";
import { openLive } from "#shared/web/live.ts";

export const changes = {
  devices: signal(0),
  unregistered: signal(0),
  gateways: signal(0),
};
/** False while no live connection stands. */
export const isLive = signal(true);

/** Listens until the returned function is called. */
export function followChanges(): () => void {
  const bump = (what: unknown) => {
    if (typeof what === "string" && Object.hasOwn(changes, what))
      changes[what as keyof typeof changes].value++;
  };
  const all = () => Object.keys(changes).forEach(bump);
  const stream = openLive(
    "/live",
    { change: (data) => bump((data as { what?: unknown }).what) },
    all,
  );
  const stop = stream.isOpen.subscribe((isOpen) => (isLive.value = isOpen));
  return () => {
    stop();
    stream.close();
  };
}
