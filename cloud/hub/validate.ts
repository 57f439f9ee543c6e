/**
 * `validate`: what a gateway may write into which database, as one JavaScript source for both engines.
 *
 * CouchDB runs the text as `validate_doc_update` of a design document, the embedded engine runs the
 * same text. It is ES5 and knows nothing of Node. Whoever has the role `_admin` (the hub itself) may
 * do all; a gateway writes its own segments and events once, revises its own health, sightings and sessions,
 * deletes nothing, and writes nowhere else.
 *
 * A revision of the first generation that comes beside another of the first generation has no
 * `oldDoc` on CouchDB: `couchdb-passthrough` refuses it before it gets here.
 */
import { Script } from "node:vm";
import { EVENT_CHARACTERS } from "#shared/model/events/event.ts";
import { gatewayEventTypes } from "#shared/model/events/list.ts";

/** The text of the function `(newDoc, oldDoc, userCtx)`, which throws `{forbidden: reason}`. */
export const VALIDATE_SOURCE = `function (newDoc, oldDoc, userCtx) {
  function refuse(reason) { throw ({ forbidden: reason }); }
  function whole(value, least, most) { return typeof value === "number" && value % 1 === 0 && value >= least && value <= most; }
  if (userCtx.roles.indexOf("_admin") !== -1) return;
  var own = userCtx.name;
  if (typeof own !== "string" || !/^gw-[0-9a-f]{16}$/.test(own)) refuse("only gateways write here");
  var kind = /^t-[a-z][a-z0-9-]{1,38}-(tele|events)-[0-9]{6}$/.exec(userCtx.db);
  kind = kind ? kind[1] : userCtx.db === "g-" + own ? "own" : "";
  if (!kind) refuse("gateways do not write into this database");
  if (newDoc._deleted) refuse("gateways delete nothing");
  if (newDoc._attachments) refuse("documents have no attachments");
  if (typeof newDoc.v !== "number") refuse("a document says its version in v");
  if (kind === "own") {
    if (newDoc.gatewayId !== own) refuse("gatewayId has to be the gateway's own");
    if (newDoc.type !== "health" && newDoc.type !== "sighting" && newDoc.type !== "session") refuse("only health, sightings and sessions are kept here");
    if (newDoc._id.indexOf(newDoc.type + ":") !== 0) refuse("the _id begins with the type");
    if (JSON.stringify(newDoc).length > 64000) refuse("a report is too long");
    return;
  }
  if (oldDoc || (newDoc._revisions && newDoc._revisions.start > 1)) refuse("what was written once is not changed");
  if (kind === "tele") {
    if (newDoc.type !== "segment") refuse("only segments are kept here");
    var name = /^s:([^:]+):[0-9a-f]{8}-[0-9a-f]{16}:[0-9]{1,12}$/.exec(newDoc._id);
    if (!name) refuse("a segment is called s:{writer}:{epoch}:{seq}");
    if (name[1] !== own) refuse("a gateway writes its own segments only");
    if (newDoc.writer !== own) refuse("the writer has to be the gateway itself");
    if (newDoc._id !== "s:" + own + ":" + newDoc.epoch + ":" + ("00000000" + newDoc.seq).slice(-8)) refuse("epoch and seq are those of the _id");
    if (!whole(newDoc.seq, 0, 99999999) || !whole(newDoc.count, 1, 1000) || !whole(newDoc.before, 0, 1e12)) refuse("seq, count and before are whole numbers");
    if (typeof newDoc.digest !== "string" || newDoc.digest.length !== 43) refuse("a segment has a digest");
    if (typeof newDoc.columns !== "string" || newDoc.columns.length > 1000000) refuse("a segment has columns, of bounded length");
    if (newDoc.prev !== null && (!newDoc.prev || typeof newDoc.prev.id !== "string" || typeof newDoc.prev.digest !== "string")) refuse("prev names the segment before");
    return;
  }
  if (newDoc.writer !== own) refuse("the writer has to be the gateway itself");
  if (${JSON.stringify(gatewayEventTypes)}.indexOf(newDoc.type) === -1) refuse("gateways write no events of this type");
  if (newDoc._id.indexOf("e:" + own + ":" + newDoc.type + ":") !== 0) refuse("an event is called e:{writer}:{type}:...");
  if (newDoc._id.length > 260) refuse("the name of an event is too long");
  if (newDoc.at !== undefined && (typeof newDoc.at !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z$/.test(newDoc.at))) refuse("an event says when, in at");
  if (JSON.stringify(newDoc).length > ${EVENT_CHARACTERS}) refuse("an event is too long");
}`;

/** On whose behalf a document is written, and into which database. */
export interface UserContext {
  readonly db: string;
  readonly name: string;
  readonly roles: readonly string[];
}

type Validate = (newDoc: object, oldDoc: object | null, userCtx: UserContext) => void;
const validate = new Script(`(${VALIDATE_SOURCE})`, {
  filename: "validate_doc_update",
}).runInThisContext() as Validate;

/** Why `newDoc` may not be written, or undefined. */
export function whyForbidden(
  newDoc: object,
  oldDoc: object | null,
  userCtx: UserContext,
): string | undefined {
  try {
    validate(newDoc, oldDoc, userCtx);
    return undefined;
  } catch (error) {
    // A document that makes the rule stumble is refused as well: the rule fails closed.
    return (error as { forbidden?: string }).forbidden ?? "the document cannot be judged";
  }
}
