/** `claim-check-table`: what would become of each row of a file of gateways. */
import type { ClaimCheck } from "#shared/api/gateway-admin.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { speech } from "./speech.ts";

export function ClaimCheckTable({ rows }: { readonly rows: ClaimCheck["rows"] }) {
  const { claimSheet: says, gateways } = speech.words;
  return (
    <div class="claim-sheet-table" role="region" aria-label={says.outcome} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.line}</th>
            <th scope="col">{gateways.name}</th>
            <th scope="col">{gateways.communities}</th>
            <th scope="col">{says.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, label, communities, problems, warnings }) => (
            <tr key={line}>
              <td class="number">{line}</td>
              <td>{label || "–"}</td>
              <td>{communities.map(({ name }) => name).join(", ") || "–"}</td>
              <td>
                {problems.map(({ code, value }) => (
                  <Badge key={code + value} tone="bad">
                    {says.problems[code](value)}
                  </Badge>
                ))}
                {problems.length === 0 && warnings.length === 0 && (
                  <Badge tone="ok">{says.fine}</Badge>
                )}
                {problems.length === 0 &&
                  warnings.map((code) => (
                    <Badge key={code} tone="warn">
                      {says.warnings[code]}
                    </Badge>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
