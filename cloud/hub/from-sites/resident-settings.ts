/** `resident-settings`: what a resident set for themselves on their building's gateway. */
import { changeIn } from "#cloud/hub/change.ts";
import { isFault } from "#shared/model/fault.ts";
import { ResidentId } from "#shared/model/ids.ts";
import { meanwhile } from "#shared/model/requests.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Answering } from "./asked-answer.ts";

const scope = systemScope("from-sites");

export const residentSettings: Answering<"resident-settings"> = async (
  { hub, community, request },
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
  let isNews = false;
  if (hours !== undefined && hours !== (record.hoursAgreedAt !== undefined)) {
    isNews = true;
    await changeIn(hub.residents, scope, community.organizationId, record.residentId, (old) => {
      const { hoursAgreedAt: _, ...rest } = old;
      // When they said so, not when the hub heard of it.
      return hours ? { ...rest, hoursAgreedAt: request.at } : rest;
    });
  }
  if (language !== undefined)
    await hub.people.change(scope, forWhom, (old) => {
      isNews ||= old.language !== language;
      return { ...old, language };
    });
  if (!isNews) return { ...says.so, target, forWhom };
  await hub.adopt(community);
  const after = { ...(language && { language }), ...(hours === undefined ? {} : { hours }) };
  return { outcome: "done", target, forWhom, after };
};
