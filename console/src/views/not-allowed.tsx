/** A page that a key may not read. Trying again would not help. */

import { Empty } from "../parts/notice.tsx";
import { firstPage, openPages, scopeOf, titleOf } from "../state/pages.ts";
import { hrefOf } from "../state/route.ts";

export function NotAllowed({ name }: { name: string }) {
  const isAny = openPages.value.length > 0;
  return (
    <>
      <h1>{titleOf(name)}</h1>
      <Empty title={isAny ? "This key does not allow this page" : "This key does not allow any page of the console"}>
        <p>
          It needs the scope <code>{scopeOf(name)}</code>. Whoever manages the keys of the organization can create one that has it.
        </p>
        {isAny && (
          <p>
            <a href={hrefOf(firstPage.value)}>Go to {titleOf(firstPage.value)}</a>
          </p>
        )}
      </Empty>
    </>
  );
}
