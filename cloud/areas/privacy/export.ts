/** `export`: a person's data as a ZIP, for themselves or by whoever answers for it. */
import { strToU8, Zip, ZipDeflate } from "fflate";
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { mayActOn } from "#cloud/auth/ranks.ts";
import { PersonId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { personData, type DataFile } from "./person-data.ts";

const ZIP_TYPE = "application/zip";
const system = systemScope("privacy");

export const exportPerson = route({
  method: "get",
  path: "/people/:person/export",
  right: "privacy.write",
  title: "All that is held of a person, as a ZIP of JSON and CSV.",
  params: z.object({ person: PersonId }),
  answer: { file: [ZIP_TYPE] },
  isSensitive: true,
  open:
    (parts) =>
    async ({ params, scope, asker, trail }) => {
      await parts.hub.people.find(scope, params.person);
      const person = await mayActOn(parts.hub, asker, "privacy.write", params.person);
      trail.note({
        what: "person.export",
        target: { type: "person", id: person.personId },
        forWhom: person.personId,
      });
      return zipped(personData(parts, person, [scope]), `person-${person.personId}`);
    },
});

export const exportMine = route({
  method: "get",
  path: "/me/export",
  right: "signed-in",
  title: "All that is held of oneself, as a ZIP of JSON and CSV.",
  answer: { file: [ZIP_TYPE] },
  isSensitive: true,
  assisted: "never",
  open:
    (parts) =>
    async ({ asker, trail }) => {
      trail.note({ what: "person.export", forWhom: asker.id });
      const person = await parts.hub.people.find(system, asker.id);
      const organizations = new Set(person.memberships.map((one) => one.organizationId));
      const scopes = [...organizations].map((organizationId): HubScope => ({
        kind: "organization",
        organizationId,
        by: asker.id,
      }));
      return zipped(personData(parts, person, scopes), "my-data");
    },
});

/** A file is made when the one before it is on its way: a long life is not held in memory whole. */
function zipped(files: AsyncGenerator<DataFile>, name: string): Response {
  let push: (chunk: Uint8Array) => void = () => {};
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    push(chunk);
  });
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      push = (chunk) => controller.enqueue(chunk);
      const { value, done } = await files.next();
      if (done === true) {
        zip.end();
        controller.close();
        return;
      }
      const entry = new ZipDeflate(value.name, { level: 6 });
      zip.add(entry);
      entry.push(strToU8(value.text), true);
    },
    async cancel() {
      await files.return(undefined);
    },
  });
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: {
      "content-type": ZIP_TYPE,
      "content-disposition": `attachment; filename="${name}.zip"`,
      "cache-control": "no-store",
    },
  });
}
