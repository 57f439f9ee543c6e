/**
 * `field-meanings`: what the fields of the main objects mean, with units and formats, for the API
 * document. A schema's own words stand before these.
 */

const moment = (what: string) => `${what}: a moment, ISO 8601 in UTC.`;
const orNull = (what: string) => `${what}, or null.`;

/** Where a field means the same in every one of the main objects. */
const EVERYWHERE: Readonly<Record<string, string>> = {
  created_at: moment("When it was made"),
  updated_at: moment("When it was last changed"),
  external_id: orNull("Its id in another system"),
  is_active: "False once it is retired or archived; its history stays.",
  zone: "The time zone its days and months are counted in, such as `Europe/Berlin`.",
  language: "The language it is spoken to in: `en`, `es`, `de` or `fr`.",
  phone: orNull("A telephone number"),
  health: "How it fares by its expected interval: never heard, healthy, late or lost.",
  last_seen_at: moment("When it was last heard, or null"),
  community: "The community it belongs to: `id` is its random id.",
  from: moment("Since when"),
  to: moment("Until when, this moment no longer counted; null while it goes on"),
};

/** By object. */
const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CommunityRow: {
    id: "Its random id; wherever a community is named, `tenant_name` will do as well.",
    name: "What people call it.",
    tenant_name: "Its slug: unique on the hub, never changed, never used again.",
    admin_email: orNull("The e-mail address of its first admin"),
    city: orNull("Where it is"),
    country: orNull("Where it is"),
    owner: "The community it is a part of; null for one of the organization's own.",
    archived_at: moment("Since when it is read-only, or null"),
    deleted: "When it was deleted, and until when it can be brought back; null while it stands.",
    units: "How many homes it has.",
    residents: "How many people live there.",
    devices: "How many devices it has.",
    sub_communities: "How many communities are a part of it.",
    health: "How many of its devices fare so, by their health.",
    last_reading_at: moment("When its newest reading is from, or null"),
    gateways: "The names of its gateways.",
  },
  CommunityDetails: {
    state: orNull("Where it is"),
    address: orNull("Street and number"),
    zip: orNull("The postal code"),
    email: orNull("Where it is written to"),
    currency: orNull("ISO 4217, such as `EUR`: what costs are told in"),
    zones: "From when each time zone holds, oldest first.",
    max_devices: "How many devices it may have; null: any number.",
    max_people: "How many people it may have; null: any number.",
    hourly_detail: "Whether residents see hours; null: as the organization says.",
    brand: "Name, logo and colour of its pages, where they are not the organization's.",
    home_dashboard: orNull("The id of the page its people see first"),
  },
  DeviceRow: {
    id: "Its DevEUI, or the id of a source that has none.",
    dev_eui:
      "16 lower-case hex digits; for a source without a DevEUI its id, which begins with `x-`.",
    device_name: "What people call it.",
    device_type: "As whoever registered it calls it, else its decoder.",
    decoder: "`maker/model` of the decoder, or `own/name`.",
    model: orNull("The maker's name of the model"),
    serial_number: orNull("As it stands on its label"),
    notes: orNull("Words of its keepers"),
    calibration_due: "A date, `2027-12-31`, or null.",
    expected_interval_s: "How often it should be heard, in seconds.",
    join_eui: "16 lower-case hex digits, or null.",
    keys_at: moment("When keys were last written, which nobody is shown; null: never"),
    kind: "What it measures.",
    status: "`online`: healthy or late; `offline`: lost or never heard; or what was set by hand.",
    status_set_at: moment("Since when the status is set by hand, or null"),
    health: "By its expected interval: never heard, healthy, late or lost.",
    community: "Whose it is; null while the organization itself holds it.",
    unit: "The home it is mounted in, or null.",
    last_reading:
      "The newest values of its registers: `n` × 10^`scale` in `unit`; null before the first.",
    radio:
      "`rssi` in dBm, `snr` in dB, `sf`: the spreading factor; null where it has no radio of ours.",
    via: orNull("By which way it was last heard"),
    battery: "As it last said itself: `%` left, or volts.",
  },
  DeviceAlone: { end_users: "Those who live there now, by their residents' ids." },
  GatewayRow: {
    id: "Its random id.",
    name: "What people call it.",
    enrolled_at: moment("When it joined"),
    last_seen_at: moment("When it last spoke with the hub, or null"),
    communities:
      "Those it works for; `is_current`: whether it has the newest of them, null when it has not said.",
    version: orNull("Of the program it runs"),
    waiting: "Uplinks the hub had not confirmed when it last said, or null.",
    uplinks_kept: "Uplinks it has kept since its start, or null.",
    replaces: orNull("The id of the gateway whose place it took"),
    left_behind:
      "Devices whose radio session of that gateway the hub could not hand to this one, and why: they join anew.",
    sync: "How far it and the hub are in step; null when it has not said since the hub's start.",
    withdrawn: "Why it is let in no more; null for one that is.",
  },
  GatewaySync: {
    connected_since: moment("Since when it is connected, or null"),
    last_success_at: moment("When it was last in step, or null"),
    last_error: "In English, as it logged it; null when all is well.",
    trouble: "The same as a code; null when all is well.",
    last_away: "When it was last without the hub, or null.",
    waiting: "Uplinks the hub has not confirmed.",
    waiting_bytes: "About how many bytes they are on the line.",
    complete_until: moment("Until when all that was heard is on the hub, or null"),
    eta_ms:
      "How long the rest takes at the present pace, in milliseconds; null when nobody can say.",
    denied: "Documents that the hub refused and that wait at the gateway.",
    asked: "Changes asked for at the site that the hub has not answered yet.",
    left_behind:
      "Radio sessions of the gateway before that it got and could not go on with; those devices join anew.",
    has_twin: "Whether two machines speak with this identity.",
  },
  MembershipRow: {
    id: "Its random id.",
    role: "The role's id.",
    role_name: "What the role is called.",
    on: "Where it holds: `kind` is `organization`, `community` or `group`.",
    resident_id:
      "The person's id as a resident, which is `end_user_id` where devices are assigned; or null.",
    units: "The homes they live in, and when.",
    from: moment("From when it holds; null: ever since"),
    until: moment("Until when it holds; null: for good"),
    is_current: "False before and after its time.",
  },
  PersonRow: {
    id: "Their random id; as a resident they have another one in each community.",
    email: orNull("What they sign in with"),
    next_email: "Asked for, and not confirmed from that mailbox yet; or null.",
    first_name: "May be empty.",
    last_name: "May be empty.",
    home_page: orNull("The page they see first"),
    status: "`active`, `invited`, `disabled`, or `none`: no way in.",
    memberships: "What they are, and where.",
  },
  PersonDetails: {
    invitation: "The open one, or null.",
    must_change_password: "Whether they choose another one before anything else.",
    has_password: "Whether they can sign in with one.",
    identities: "Accounts elsewhere with which they sign in.",
    codes: "Codes for the building's network, by resident.",
    pending: "Gateways that do not know yet that they are disabled, or let in again.",
    may: "What whoever asks may do to the person as a whole.",
  },
  TenancyRow: {
    id: "Its random id.",
    resident:
      "Who: `id` is a resident's id; person and name are null for those who may not look at people.",
    part_of: "The id of the tenancy it hangs on, of somebody of a household; or null.",
  },
  UnitRow: {
    id: "Its random id.",
    name: "What people call it.",
    building: "The building it is in, or null.",
    floor: orNull("Where it is in the building"),
    is_vacant: "Whether nobody lives there at the moment asked for.",
    residents: "Who lives there at the moment asked for.",
    devices: "How many are mounted there at the moment asked for.",
  },
  UnitDetails: {
    tenancies: "All of them, oldest first.",
    installations: "Which devices were mounted there, and when.",
    moves: "Changes of who lives there, with what the counters showed.",
  },
};

/** The objects that are described whole. */
export const describedObjects: readonly string[] = Object.keys(MEANINGS);

export const fieldsDescribed = (object: string): string[] => Object.keys(MEANINGS[object] ?? {});

/** What a field means; undefined for an object that is not one of the main ones. */
export function meaningOfField(object: string, field: string): string | undefined {
  const own = MEANINGS[object];
  return own && (own[field] ?? EVERYWHERE[field]);
}
