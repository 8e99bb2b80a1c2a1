/** Says in plain words when an answer is not the network's own. */

import type { Receipt } from "../api/wire.ts";
import { IconInfoCircle } from "../theme/icons.ts";
import { serviceWording } from "./service-wording.ts";
import "./notice.css";

export function ServiceBanner({ receipt }: { readonly receipt: Receipt }) {
  const wording = serviceWording(receipt);
  if (wording === null) return null;
  return (
    <div className="notice" role="status" data-level={receipt.level}>
      <IconInfoCircle size={22} aria-hidden="true" />
      <div className="notice-text">
        <p className="notice-title">{wording.title}</p>
        <p>{wording.detail}</p>
      </div>
    </div>
  );
}
