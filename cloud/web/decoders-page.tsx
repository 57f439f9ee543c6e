/** `decoders-page`: the organization's own decoders, one of them to edit, and the uplinks nothing could be made of. */
import type { DecoderRow, UndecodedRow } from "#shared/api/decoders.ts";
import { getPage } from "#shared/web/api-client.ts";
import { Notice } from "#shared/web/components/notice.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { When } from "#shared/web/components/when.tsx";
import { path } from "#shared/web/place.ts";
import { changes } from "./changes.ts";
import { count } from "./counts.ts";
import { DecoderEditor } from "./decoder-editor.tsx";
import { Refused } from "./refused.tsx";
import { speech } from "./speech.ts";

const NEW = "new";
/** So many undecoded uplinks are shown; the API has them all. */
const SHOWN = 100;

export function DecodersPage() {
  const [, , slug] = path.value.split("/");
  return (
    <div class="decoders">
      {slug === undefined || slug === "" ? (
        <>
          <Own />
          <Undecoded />
        </>
      ) : (
        <DecoderEditor key={slug} slug={slug === NEW ? null : slug} />
      )}
    </div>
  );
}

function Own() {
  const { decoders } = speech.words;
  const { value, why, reload } = useAnswer("/decoders?limit=500", (asked, stop) =>
    getPage<DecoderRow>(asked, stop),
  );
  return (
    <section class="decoders-part">
      <header class="decoders-head">
        <div>
          <h1>{decoders.title}</h1>
          <p class="muted">{decoders.lead}</p>
        </div>
        <a class="button button-main" href={`/decoders/${NEW}`}>
          {decoders.add}
        </a>
      </header>
      {why !== undefined && <Refused why={why} again={reload} />}
      {value?.data.length === 0 && <Notice title={decoders.emptyTitle} text={decoders.emptyText} />}
      {value !== undefined && value.data.length > 0 && (
        <div class="decoders-scroll" tabIndex={0} role="region" aria-label={decoders.title}>
          <table class="decoders-table">
            <thead>
              <tr>
                <th>{decoders.name}</th>
                <th>{decoders.community}</th>
                <th class="decoders-number">{decoders.version}</th>
                <th class="decoders-number">{decoders.devices}</th>
                <th>{decoders.changed}</th>
              </tr>
            </thead>
            <tbody>
              {value.data.map((row) => (
                <tr key={row.slug}>
                  <td>
                    <a href={`/decoders/${row.slug}`}>{row.title}</a>
                    <br />
                    <span class="mono tiny muted">{row.model}</span>
                  </td>
                  <td>{row.community?.name ?? decoders.everywhere}</td>
                  <td class="decoders-number number">{row.version}</td>
                  <td class="decoders-number number">{count(row.devices)}</td>
                  <td>
                    <When at={row.updated_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Undecoded() {
  const { decoders } = speech.words;
  const { value, why, reload } = useAnswer(
    `/undecoded?limit=${SHOWN}#${changes.devices.value}`,
    (asked, stop) => getPage<UndecodedRow>(asked.split("#")[0] ?? "", stop),
    true,
  );
  return (
    <section class="decoders-part">
      <h2>
        {decoders.undecoded}{" "}
        {value !== undefined && <span class="muted number">{count(value.total)}</span>}
      </h2>
      <p class="muted small">{decoders.undecodedLead}</p>
      {why !== undefined && <Refused why={why} again={reload} />}
      {value?.total === 0 && <p>{decoders.allDecoded}</p>}
      {value !== undefined && value.total > 0 && (
        <div class="decoders-scroll" tabIndex={0} role="region" aria-label={decoders.undecoded}>
          <table class="decoders-table">
            <thead>
              <tr>
                <th>{decoders.device}</th>
                <th>{decoders.heard}</th>
                <th>{decoders.bytes}</th>
                <th>{decoders.reason}</th>
              </tr>
            </thead>
            <tbody>
              {value.data.map((row, i) => (
                <tr key={`${row.dev_eui} ${row.heard_at} ${i}`}>
                  <td>
                    <a href={`/devices/${row.dev_eui}`}>{row.device_name}</a>
                    <br />
                    <span class="tiny muted">
                      {row.community.name} · {row.device_type}
                    </span>
                  </td>
                  <td>
                    <When at={row.heard_at} />
                  </td>
                  <td class="mono decoders-bytes">
                    {row.fPort ?? "–"} {row.hex}
                  </td>
                  <td>
                    {row.reason}
                    <br />
                    <span class="mono tiny muted">{row.decoder}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
