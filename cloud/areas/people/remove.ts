/** `remove`: people who go: what would go with them, and that it goes; one or many. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { DeletionPreview, Outcomes } from "#shared/api/people.ts";
import { isFault } from "#shared/model/fault.ts";
import { PersonId } from "#shared/model/ids.ts";
import { PersonParams } from "./look.ts";
import { outcomesOf } from "./outcomes.ts";
import { previewOf, removePerson } from "./on-people.ts";

export const Many = z.strictObject({ ids: z.array(PersonId).min(1).max(500) });

export const previewDeletion = route({
  method: "post",
  path: "/people/deletion-preview",
  right: "people.delete",
  title: "What would go with these people, who cannot be removed, and which ids are nobody's here.",
  body: Many,
  answer: { data: DeletionPreview },
  isHarmless: true,
  open:
    ({ hub }) =>
    async ({ body: { ids }, scope, asker }) => {
      const people: DeletionPreview["people"] = [];
      const unknown: string[] = [];
      for (const id of new Set(ids))
        try {
          people.push(await previewOf({ hub, asker, scope }, id));
        } catch (error) {
          // Out of reach or not there at all: the same is said of both.
          if (!isFault(error, "not_found")) throw error;
          unknown.push(id);
        }
      return { people, unknown };
    },
});

export const deletePerson = route({
  method: "delete",
  path: "/people/:person",
  right: "people.delete",
  title: "Removes what somebody is here; a person goes with their last role.",
  params: PersonParams,
  answer: { none: true },
  open:
    ({ hub }) =>
    ({ params, scope, asker, trail }) =>
      removePerson({ hub, asker, scope, trail }, params.person),
});

export const deletePeople = route({
  method: "post",
  path: "/people/delete",
  right: "people.delete",
  title: "Removes many; each with its own outcome.",
  body: Many,
  answer: { data: Outcomes },
  open:
    ({ hub }) =>
    ({ body: { ids }, scope, asker, trail }) =>
      outcomesOf(ids, trail, (id, own) => removePerson({ hub, asker, scope, trail: own }, id)),
});
