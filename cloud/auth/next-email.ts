/**
 * `next-email`: another address for somebody who signs in. It becomes theirs when the link that was
 * mailed there is opened; until then nothing changes, and the mailbox they had is told.
 *
 * Whoever asks must never learn that an address is somebody else's: the same link is made and the
 * same mail goes out. Its owner is told beside it, through the mail server of their own
 * organization: that of the one who asks sees no difference either.
 */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { linkMail, noticeMail } from "#cloud/mail/compose.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { OrganizationId, PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { nameOf } from "./invite.ts";
import { mailboxHash, type LinkDoc } from "./link-store.ts";
import type { PersonDoc } from "./people-store.ts";

const scope = systemScope("next-email");

/** Whether two addresses lead to one mailbox. */
export const isSameMailbox = (a: string | null, b: string | null) =>
  a === null || b === null ? a === b : mailboxHash(a) === mailboxHash(b);

/** Mails the link to the new address; one that was asked for before ends. */
export async function askForEmail(
  { hub, url, later }: Pick<AreaParts, "hub" | "url" | "later">,
  person: PersonDoc,
  nextEmail: string,
  organizationId: OrganizationId,
): Promise<void> {
  const { personId, firstName, language, email: old } = person;
  await hub.links.end(personId, ["email"]);
  const { token, link } = await hub.links.make({
    purpose: "email",
    personId,
    organizationId,
    way: "mail",
    email: nextEmail,
    nextEmail,
  });
  const organization = await nameOf(hub, organizationId);
  const about = { organization, url: `${url()}/confirm#token=${token}`, expiresAt: link.expiresAt };
  const to = (address: string) => ({ to: address, firstName, language });
  await hub.outbox.add(
    { organizationId, personId, kind: "email" },
    linkMail(to(nextEmail), "email", about),
  );
  if (old !== null)
    await hub.outbox.add(
      { organizationId, personId, kind: "moving" },
      noticeMail(to(old), "moving", organization),
    );
  // After the answer: how long it takes must not tell either.
  later(() => tellOwner(hub, personId, nextEmail), "a mail (taken)");
}

/**
 * A link to hand over, where no mail can go: nothing shows that the mailbox is theirs, and whether
 * it is somebody's is told to nobody. One that was asked for before ends.
 */
export async function linkForEmail(
  { hub, url, later }: Pick<AreaParts, "hub" | "url" | "later">,
  { personId }: PersonDoc,
  nextEmail: string,
  organizationId: OrganizationId,
): Promise<{ url: string; expiresAt: string }> {
  await hub.links.end(personId, ["email"]);
  const { token, link } = await hub.links.make({
    purpose: "email",
    personId,
    organizationId,
    way: "link",
    nextEmail,
  });
  later(() => tellOwner(hub, personId, nextEmail), "a mail (taken)");
  return { url: `${url()}/confirm#token=${token}`, expiresAt: link.expiresAt };
}

/** Tells whoever has the address already that it was given by somebody else. */
export async function tellOwner(hub: Hub, by: PersonId, email: string): Promise<void> {
  const owner = await hub.people.findByEmail(scope, email);
  const [membership] = owner?.memberships ?? [];
  if (!owner || !membership || owner.email === null || owner.personId === by) return;
  const { personId, email: to, firstName, language } = owner;
  const { organizationId } = membership;
  await hub.outbox.add(
    { organizationId, personId, kind: "taken" },
    noticeMail({ to, firstName, language }, "taken", await nameOf(hub, organizationId)),
  );
}

/** The address that waits for somebody to confirm it, or null. */
export async function nextEmailOf(hub: Hub, personId: PersonId): Promise<string | null> {
  const nowMs = hub.clock.now();
  const link = (await hub.links.of(personId)).find(
    ({ purpose, expiresAt }) => purpose === "email" && Date.parse(expiresAt) > nowMs,
  );
  return link?.nextEmail ?? null;
}

/** Only to be said to somebody who holds what was mailed to the address. */
export const taken = () =>
  new Fault("conflict", "There is a sign-in with this address already: it stays as it is.", {
    reason: "taken",
  });

/**
 * From now on they sign in with it, and everything that was given to the old one ends. A link that
 * was mailed shows that the mailbox is theirs; one that was handed over shows nothing, and where
 * the address is somebody else's it is theirs beside, told apart by the password.
 * @throws Fault "conflict" when somebody else has the address, to who opened a mailed link
 */
export async function takeEmail(hub: Hub, link: LinkDoc, nextEmail: string): Promise<void> {
  const { personId, organizationId } = link;
  const before = await hub.people.find(scope, personId);
  const isMailed = link.way === "mail";
  const moveTo = (address: Pick<PersonDoc, "email" | "invitedEmail">) =>
    hub.people.change(scope, personId, ({ invitedEmail: _i, emailVerifiedAt: _v, ...old }) => ({
      ...old,
      ...address,
      ...(isMailed ? { emailVerifiedAt: new Date(hub.clock.now()).toISOString() } : {}),
      signInEpoch: (old.signInEpoch ?? 0) + 1,
    }));
  await moveTo({ email: nextEmail }).catch((error: unknown) => {
    if (!isFault(error, "conflict")) throw error;
    if (isMailed) throw taken();
    return moveTo({ email: null, invitedEmail: nextEmail });
  });
  await hub.links.end(personId);
  await hub.signIns.endAll(personId);
  const { email: to, firstName, language } = before;
  if (to === null || isSameMailbox(to, nextEmail)) return;
  await hub.outbox.add(
    { organizationId, personId, kind: "moved" },
    noticeMail({ to, firstName, language }, "moved", await nameOf(hub, organizationId)),
  );
}
