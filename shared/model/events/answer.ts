/**
 * `answer`: what the hub made of a request. One per request and life of the hub's data, of which the last counts;
 * the overlay at the site ends with it. Its name is the request's id and the life's.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { eventShape } from "./event.ts";
import { RequestId } from "./request.ts";

export const outcomes = ["done", "done-already", "changed-meanwhile", "refused"] as const;

export const AnswerDoc = z.object({
  ...eventShape("answer"),
  requestId: RequestId,
  outcome: z.enum(outcomes),
  /** In words, for whoever asked; a text without a person in it. */
  reason: z.string().max(500).optional(),
});
export type AnswerDoc = z.infer<typeof AnswerDoc>;
