/** `skeleton`: the shape of what is coming, shown only when waiting lasts; silent. */
import "./skeleton.css";

export function Skeleton({ heights }: { readonly heights: readonly number[] }) {
  return (
    <div class="skeletons" aria-hidden="true">
      {heights.map((height, i) => (
        <div key={i} class="skeleton" style={{ height: `${height}px` }} />
      ))}
    </div>
  );
}
