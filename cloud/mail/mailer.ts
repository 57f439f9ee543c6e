/**
 * `mailer`: hands mails to a mail server over SMTP. It is resolved when the server took the mail.
 *
 * Certificates are checked. Nothing is read from files or addresses a mail might name.
 */
import { isIP } from "node:net";
import { createTransport } from "nodemailer";
import { Fault } from "#shared/model/fault.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { MailServer } from "./mail-settings.ts";
import type { Mail, SendMail } from "./outbox.ts";

/** A server that says nothing for so long is away, ms. */
const PATIENCE_MS = 15_000;

/**
 * @param address where the server is, when it was looked up already; its certificate is its name's
 * @throws what the server or the line said
 */
export async function sendThrough(
  server: MailServer,
  mail: Mail,
  address: string = server.host,
): Promise<void> {
  const { host, port, security, user, password, fromAddress, fromName } = server;
  const transport = createTransport({
    host: address,
    port,
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user === null ? {} : { auth: { user, pass: password ?? "" } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { to, subject, text, html } = mail;
    await transport.sendMail({
      from: { name: fromName, address: fromAddress },
      // As an object: a comma in an address must not make it two.
      to: { name: "", address: to },
      subject,
      text,
      ...(html === undefined ? {} : { html }),
    });
  } finally {
    transport.close();
  }
}

/** @param fallback the hub's own mail server, for organizations that have set none: wherever it stands */
export function mailer(
  { mailSettings, outbound }: Pick<Hub, "mailSettings" | "outbound">,
  fallback: MailServer | undefined,
): SendMail {
  return async (organizationId, mail) => {
    const server = await mailSettings.server(organizationId);
    if (server) return sendThrough(server, mail, await outbound.addressOf(server.host));
    if (!fallback) throw new Fault("unavailable", "No mail server is set up.");
    await sendThrough(fallback, mail);
  };
}

/**
 * A mail server as one address: `smtps://name:password@host:465`, or `smtp://` with STARTTLS, or
 * `smtp+plain://` in the clear. @throws Fault "invalid"
 */
export function serverOf(address: string, from: string): MailServer {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const security = ({ "smtps:": "tls", "smtp:": "starttls", "smtp+plain:": "none" } as const)[
    url?.protocol as "smtps:"
  ];
  if (!url || !security || url.hostname === "")
    throw new Fault("invalid", "a mail server is written smtps://name:password@host:465");
  return {
    host: url.hostname,
    port: url.port === "" ? (security === "tls" ? 465 : 587) : Number(url.port),
    security,
    user: url.username === "" ? null : decodeURIComponent(url.username),
    password: url.password === "" ? null : decodeURIComponent(url.password),
    fromAddress: from,
    fromName: "Riser",
  };
}
