/**
 * `resident-row`: a row of a file of residents: its columns, and the wish it stands for. What a
 * cell says of a person is never told back: the file has it.
 */
import { complaint } from "#shared/api/complaint.ts";
import type { CellError } from "#shared/api/uploads.ts";
import { NewPerson } from "#shared/api/people.ts";
import { languages } from "#shared/api/resident.ts";
import type { SheetRow } from "#shared/sheets/sheet.ts";
import type { Aliases, Columns } from "./columns.ts";

/** The order of the template. */
export const residentColumns: Aliases = {
  community: ["tenant_name", "tenant", "customer", "site"],
  email: ["e_mail", "mail", "email_address"],
  first_name: ["firstname", "given_name", "name"],
  last_name: ["lastname", "surname", "family_name"],
  phone: ["phone_number", "mobile", "telephone"],
  building: ["block", "house"],
  unit: ["apartment", "flat", "home", "unit_name"],
  move_in: ["from", "valid_from", "moved_in"],
  move_out: ["to", "valid_to", "moved_out"],
  language: ["lang"],
  send_invitation: ["invite", "invitation"],
  external_id: ["externalid", "reference"],
};

export interface ResidentWish {
  readonly line: number;
  readonly community: string;
  readonly email: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly language: (typeof languages)[number] | undefined;
  readonly externalId: string | undefined;
  readonly building: string;
  readonly unit: string;
  /** As written; a date alone begins in the community's zone. */
  readonly moveIn: string;
  readonly moveOut: string;
  readonly isInvited: boolean;
  /** The row is an example. */
  readonly isSkipped: boolean;
}

const YES = /^(y|yes|true|1|x|si|sí|ja|oui|mail|email)$/i;
const NO = /^(|n|no|false|0|nein|non|none)$/i;

/** A row's wish, and all that is wrong with it. */
export function residentWish(
  row: SheetRow,
  columns: Columns,
): { readonly wish: ResidentWish; readonly errors: readonly CellError[] } {
  const errors: CellError[] = [];
  const cell = (column: string) => columns.of(row, column).trim();
  const wrong = (column: string, message: string) =>
    void errors.push({ column, value: "", message });
  const take = <N extends "email" | "first_name" | "last_name" | "phone" | "external_id">(
    name: N,
    value: string | null,
  ) => {
    const parsed = NewPerson.shape[name].safeParse(value, { error: complaint });
    if (parsed.success) return;
    const why = parsed.error.issues[0]?.message ?? "cannot be";
    wrong(name, why);
  };
  const email = cell("email") === "" ? null : cell("email").toLowerCase();
  const phone = cell("phone") === "" ? null : cell("phone");
  take("email", email);
  take("first_name", cell("first_name"));
  take("last_name", cell("last_name"));
  take("phone", phone);
  if (cell("external_id") !== "") take("external_id", cell("external_id"));
  if (email === null && cell("first_name") === "" && cell("last_name") === "")
    wrong("email", "an e-mail address or a name is needed");
  const language = cell("language").toLowerCase().slice(0, 2);
  const isKnown = (languages as readonly string[]).includes(language);
  if (language !== "" && !isKnown) wrong("language", `one of ${languages.join(", ")}`);
  const invitation = cell("send_invitation");
  const isSkipped = /^skip$/i.test(invitation);
  const isInvited = YES.test(invitation);
  if (!isSkipped && !isInvited && !NO.test(invitation)) wrong("send_invitation", "yes or no");
  if (isInvited && email === null) wrong("email", "is needed to mail an invitation");
  if (cell("move_out") !== "" && cell("unit") === "") wrong("unit", "is missing: out of which?");
  if (cell("building") !== "" && cell("unit") === "")
    wrong("unit", "is missing: a building has many");
  return {
    wish: {
      line: row.line,
      community: cell("community"),
      email,
      firstName: cell("first_name"),
      lastName: cell("last_name"),
      phone,
      language: isKnown ? (language as (typeof languages)[number]) : undefined,
      externalId: cell("external_id") === "" ? undefined : cell("external_id"),
      building: cell("building").slice(0, 120),
      unit: cell("unit").slice(0, 120),
      moveIn: cell("move_in"),
      moveOut: cell("move_out"),
      isInvited,
      isSkipped,
    },
    errors,
  };
}
