/** `live`: tells an open page that its lists have news. It carries no data: the page asks again. */
import { streamSSE } from "hono/streaming";
import { route, type Area } from "#cloud/api/route.ts";
import type { Topic } from "#cloud/hub/news.ts";

/** Of each topic at most one a second. */
const PACE_MS = 1_000;
/** Something is said at least this often, so that a dead line is noticed; the sign-in is looked at then. */
const BEAT_MS = 20_000;
/** A stream ends by then and the page opens a new one. */
const LIFE_MS = 600_000;

const changes = route({
  method: "get",
  path: "/live",
  right: "devices.read",
  title: "An event stream that says which lists have news; it carries no data.",
  answer: { file: ["text/event-stream"] },
  open:
    ({ hub: { clock }, news, stopping }) =>
    ({ scope, isStillIn, c }) =>
      streamSSE(c, async (stream) => {
        const waiting = new Set<Topic>();
        let wake = new AbortController();
        // Of its own, and let go of at the end: a signal joined with the process's is never freed.
        const ending = new AbortController();
        const over = ending.signal;
        const end = () => {
          ending.abort();
          wake.abort();
        };
        stream.onAbort(end);
        stopping.addEventListener("abort", end, { once: true });
        if (stopping.aborted) end();
        const stopListening = news.listen(scope.organizationId, (topic) => {
          waiting.add(topic);
          wake.abort();
        });
        const untilMs = clock.now() + LIFE_MS;
        try {
          await stream.writeSSE({ event: "open", data: "{}" });
          while (!over.aborted && clock.now() < untilMs) {
            if (waiting.size === 0) await clock.sleep(BEAT_MS, wake.signal);
            wake = new AbortController();
            if (over.aborted) return;
            const told = [...waiting];
            waiting.clear();
            if (!(await isStillIn())) return;
            for (const what of told)
              await stream.writeSSE({ event: "change", data: JSON.stringify({ what }) });
            if (told.length === 0) await stream.write(": still here\n\n");
            else await clock.sleep(PACE_MS, over);
          }
        } finally {
          stopping.removeEventListener("abort", end);
          stopListening();
        }
      }),
});

export const live: Area = { name: "live", title: "News for open pages", routes: [changes] };
