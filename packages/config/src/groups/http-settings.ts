import { listOf, text, wholeNumber } from "../setting.ts";
import { HOST_NAME, PORTS } from "../value-forms.ts";

/** Where the page and the REST API are served. */
export const HTTP_SETTINGS = {
  httpPort: wholeNumber(
    {
      variable: "SEGUE_HTTP_PORT",
      description: "Port of the page and the REST API; 0 takes any free one.",
      example: "8080",
      fallback: "8080",
    },
    PORTS,
  ),
  httpHost: text(
    {
      variable: "SEGUE_HTTP_HOST",
      description:
        "Address that the port is opened on. The default is reached from this machine alone.",
      example: "0.0.0.0",
      fallback: "127.0.0.1",
    },
    "a host name or an IP address",
    HOST_NAME,
  ),
  allowedHosts: listOf(
    {
      variable: "SEGUE_ALLOWED_HOSTS",
      description:
        "Names, beside localhost and the loopback addresses, by which browsers and clients may " +
        "call this server (Host and Origin headers).",
      example: "segue.example.org,music.local",
      fallback: "",
    },
    "host names separated by commas, without scheme and port",
    HOST_NAME,
  ),
  rateLimitPerMinute: wholeNumber(
    {
      variable: "SEGUE_RATE_LIMIT_PER_MINUTE",
      description: "Calls to the REST API that one client address may make in a minute.",
      example: "600",
      fallback: "30000",
    },
    { min: 1, max: 10_000_000 },
  ),
};
