/**
 * `ways-in`: how an organization's mail goes out and who else may say who its people are.
 *
 * Whoever sets a provider or a mail server can let themselves in as anybody of the organization:
 * people who may change the organization itself do, and no program does.
 */
import { z } from "zod";
import type { Asker } from "#cloud/api/asker.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { nameOf } from "#cloud/auth/invite.ts";
import { GOOGLE, ProviderId, type ProviderDoc } from "#cloud/auth/provider-store.ts";
import { CALLBACK_PATH, discovered } from "#cloud/auth/oidc.ts";
import { noticeMail } from "#cloud/mail/compose.ts";
import { sendThrough } from "#cloud/mail/mailer.ts";
import {
  MailRow,
  MailSettingsGiven,
  MailSettingsRow,
  ProviderGiven,
  ProviderRow,
} from "#shared/api/ways-in.ts";
import { Fault } from "#shared/model/fault.ts";

/** @throws Fault "forbidden" for programs, and for those who reach a part of the organization alone */
function checkWhole(asker: Asker): void {
  if (asker.kind !== "person" || asker.reach.get("organization.write") !== "all")
    throw new Fault("forbidden", "This is for people who manage the whole organization.");
}

const readMail = route({
  method: "get",
  path: "/settings/mail",
  right: "organization.write",
  title: "The organization's mail server; null while mails go through the hub's own.",
  answer: { data: MailSettingsRow.nullable() },
  open:
    ({ hub }) =>
    async ({ asker }): Promise<MailSettingsRow | null> => {
      checkWhole(asker);
      const doc = await hub.mailSettings.find(asker.organizationId);
      if (!doc) return null;
      return {
        host: doc.host,
        port: doc.port,
        security: doc.security,
        user: doc.user,
        from_address: doc.fromAddress,
        from_name: doc.fromName,
        has_password: doc.sealedPassword !== null,
      };
    },
});

const writeMail = route({
  method: "put",
  path: "/settings/mail",
  right: "organization.write",
  title: "Sets the organization's mail server; its password is kept sealed and never told.",
  body: MailSettingsGiven,
  answer: { none: true },
  isSecret: true,
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ body, asker, trail }) => {
      const { host, port, security, user, password } = body;
      trail.note({ what: "mail-settings.change", after: { host, port, security } });
      checkWhole(asker);
      const old = await hub.mailSettings.find(asker.organizationId);
      // Another server is another party: it does not get the password of the one before.
      if (user !== null && password === null && old && (old.host !== host || old.port !== port))
        throw new Fault("invalid", "password: is needed for another mail server", {
          fields: { password: "is needed for another mail server" },
        });
      await hub.mailSettings.save(asker.organizationId, {
        host,
        port,
        security,
        user,
        password,
        fromAddress: body.from_address,
        fromName: body.from_name,
      });
    },
});

const removeMail = route({
  method: "delete",
  path: "/settings/mail",
  right: "organization.write",
  title: "Mails go through the hub's own mail server again.",
  answer: { none: true },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ asker, trail }) => {
      trail.note({ what: "mail-settings.remove" });
      checkWhole(asker);
      await hub.mailSettings.remove(asker.organizationId);
    },
});

const testMail = route({
  method: "post",
  path: "/settings/mail/test",
  right: "organization.write",
  title: "Sends oneself a mail through the organization's mail server and says what came of it.",
  answer: { data: z.object({ sent: z.boolean(), trouble: z.string().nullable() }) },
  open:
    ({ hub }) =>
    async ({ asker, trail }) => {
      trail.note({ what: "mail-settings.test" });
      checkWhole(asker);
      const { organizationId } = asker;
      const server = await hub.mailSettings.server(organizationId);
      if (!server) throw new Fault("not_found", "No mail server is set up here.");
      if (asker.kind !== "person" || asker.person.email === null)
        throw new Fault("conflict", "You have no e-mail address to send a test to.");
      const { email: to, firstName, language } = asker.person;
      const name = await nameOf(hub, organizationId);
      try {
        const address = await hub.outbound.addressOf(server.host);
        await sendThrough(server, noticeMail({ to, firstName, language }, "test", name), address);
        return { sent: true, trouble: null };
      } catch (error) {
        return { sent: false, trouble: (error as Error).message.slice(0, 300) };
      }
    },
});

const listMails = route({
  method: "get",
  path: "/mails",
  right: "organization.write",
  title: "Mails that wait, went out or were given up; what they say is not kept.",
  query: Paging,
  answer: { rows: MailRow },
  open:
    ({ hub }) =>
    async ({ asker, query: { limit, offset } }) => {
      checkWhole(asker);
      const all = await hub.outbox.list(asker.organizationId);
      const rows = all.slice(offset, offset + limit).map((one): MailRow => ({
        id: one._id.slice("mail:".length),
        kind: one.kind,
        person: one.personId,
        state: one.state,
        tries: one.tries,
        created_at: one.createdAt,
        next_at: one.state === "waiting" ? one.nextAt : null,
        trouble: one.trouble ?? null,
      }));
      return { rows, total: all.length };
    },
});

const ProviderParams = z.object({ provider: ProviderId });

const rowOf = (doc: ProviderDoc, hubUrl: string): ProviderRow => ({
  id: doc.providerId,
  name: doc.name,
  issuer: doc.issuer,
  client_id: doc.clientId,
  has_secret: doc.sealedSecret !== null,
  redirect_uri: `${hubUrl}${CALLBACK_PATH}`,
});

const listProviders = route({
  method: "get",
  path: "/settings/providers",
  right: "organization.write",
  title: "Providers by which people sign in (OpenID Connect).",
  answer: { data: z.array(ProviderRow) },
  open:
    ({ hub, url }) =>
    async ({ asker }) => {
      checkWhole(asker);
      return (await hub.providers.list(asker.organizationId)).map((one) => rowOf(one, url()));
    },
});

const addProvider = route({
  method: "post",
  path: "/settings/providers",
  right: "organization.write",
  title: "Lets people sign in by a provider: Google, or any that speaks OpenID Connect.",
  body: ProviderGiven,
  answer: { status: 201, data: ProviderRow },
  isSecret: true,
  assisted: "never",
  open:
    ({ hub, url }) =>
    async ({ body, asker, trail }) => {
      const issuer = body.preset === "google" ? GOOGLE : (body.issuer ?? "");
      trail.note({ what: "provider.add", after: { name: body.name, issuer } });
      checkWhole(asker);
      const doc = await hub.providers.save({
        organizationId: asker.organizationId,
        name: body.name,
        issuer,
        clientId: body.client_id,
        secret: body.client_secret ?? null,
      });
      return rowOf(doc, url());
    },
});

const changeProvider = route({
  method: "put",
  path: "/settings/providers/:provider",
  right: "organization.write",
  title: "Changes a provider. Another issuer needs the secret anew.",
  params: ProviderParams,
  body: ProviderGiven,
  answer: { data: ProviderRow },
  isSecret: true,
  assisted: "never",
  open:
    ({ hub, url }) =>
    async ({ params, body, asker, trail }) => {
      const issuer = body.preset === "google" ? GOOGLE : (body.issuer ?? "");
      trail.note({
        what: "provider.change",
        target: { type: "provider", id: params.provider },
        after: { name: body.name, issuer },
      });
      checkWhole(asker);
      const doc = await hub.providers.save({
        providerId: params.provider,
        organizationId: asker.organizationId,
        name: body.name,
        issuer,
        clientId: body.client_id,
        ...(body.client_secret === undefined ? {} : { secret: body.client_secret }),
      });
      return rowOf(doc, url());
    },
});

const removeProvider = route({
  method: "delete",
  path: "/settings/providers/:provider",
  right: "organization.write",
  title: "Ends sign-in by a provider.",
  params: ProviderParams,
  answer: { none: true },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ params, asker, trail }) => {
      trail.note({ what: "provider.remove", target: { type: "provider", id: params.provider } });
      checkWhole(asker);
      await hub.providers.remove(asker.organizationId, params.provider);
    },
});

const testProvider = route({
  method: "post",
  path: "/settings/providers/:provider/test",
  right: "organization.write",
  title: "Asks a provider for its description and says what came of it.",
  params: ProviderParams,
  answer: { data: z.object({ ok: z.boolean(), trouble: z.string().nullable() }) },
  open:
    ({ hub }) =>
    async ({ params, asker, trail }) => {
      trail.note({ what: "provider.test", target: { type: "provider", id: params.provider } });
      checkWhole(asker);
      const doc = await hub.providers.find(params.provider);
      if (doc.organizationId !== asker.organizationId)
        throw new Fault("not_found", "There is no such provider here.");
      try {
        await discovered(hub, doc);
        return { ok: true, trouble: null };
      } catch (error) {
        return { ok: false, trouble: (error as Error).message.slice(0, 300) };
      }
    },
});

export const waysIn: Area = {
  name: "ways-in",
  title: "Mail server and sign-in providers of an organization",
  routes: [
    readMail,
    writeMail,
    removeMail,
    testMail,
    listMails,
    listProviders,
    addProvider,
    changeProvider,
    removeProvider,
    testProvider,
  ],
};
