/** `resident-settings`: what a resident set for themselves on their building's gateway. */
import { changeIn } from "#cloud/hub/change.ts";
import { isFault } from "#shared/model/fault.ts";
import { ResidentId } from "#shared/model/ids.ts";
import { meanwhile } from "#shared/model/requests.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Answering } from "./asked-answer.ts";

const scope = systemScope("from-sites");

export const residentSettings: Answering<"resident-settings"> = async (
  { hub, community, request, askedAt: at },
  { language, hours },
) => {
  const says = meanwhile["resident-settings"];
  const id = ResidentId.safeParse(request.by);
  const record =
    id.success &&
    (await hub.residents.find(scope, id.data).catch((error: unknown) => {
      if (isFault(error, "not_found")) return undefined;
      throw error;
    }));
  if (!record || record.communityId !== community.communityId) return says.resident_gone;
  const { personId: forWhom } = record;
  const target = { type: "resident", id: record.residentId };
  // When they said so, not when the hub heard of it: what was set later stands, in whatever order it came.
  const isLater = (saidAt: string | undefined) =>
    saidAt !== undefined && Date.parse(saidAt) > Date.parse(at);
  let [isNews, isOver] = [false, false];
  if (hours !== undefined)
    await changeIn(hub.residents, scope, community.organizationId, record.residentId, (old) => {
      if (isLater(old.hoursSaidAt)) {
        isOver = true;
        return old;
      }
      const { hoursAgreedAt, ...rest } = old;
      isNews ||= hours !== (hoursAgreedAt !== undefined);
      const agreed = hours && { hoursAgreedAt: hoursAgreedAt ?? at };
      return { ...rest, hoursSaidAt: at, ...agreed };
    });
  if (language !== undefined)
    await hub.people.change(scope, forWhom, (old) => {
      if (isLater(old.languageSetAt)) {
        isOver = true;
        return old;
      }
      isNews ||= old.language !== language;
      return { ...old, language, languageSetAt: at };
    });
  if (!isNews) return { ...(isOver ? says.later : says.so), target, forWhom };
  await hub.adopt(community);
  const after = { ...(language && { language }), ...(hours === undefined ? {} : { hours }) };
  return { outcome: "done", target, forWhom, after };
};
