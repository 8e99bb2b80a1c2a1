/** A link to another place of the page: followed without a reload, opened elsewhere when asked to. */
import type { AnchorHTMLAttributes, ReactNode } from "react";
import { formatLocation, type PageLocation } from "./page-location.ts";
import { navigate } from "./use-page-location.ts";

interface PageLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href" | "onClick"> {
  readonly to: PageLocation;
  readonly how?: "push" | "replace";
  readonly children: ReactNode;
}

export function PageLink({ to, how = "push", children, ...rest }: PageLinkProps) {
  return (
    <a
      {...rest}
      href={formatLocation(to)}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
          return;
        event.preventDefault();
        navigate(to, how);
      }}
    >
      {children}
    </a>
  );
}
