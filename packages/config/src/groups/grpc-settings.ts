import { listOf, portsOf, text, wholeNumber } from "../setting.ts";
import { ADDRESS, HOST_NAME } from "../value-forms.ts";

/** Where the analytics services are served, and how they count. */
export const GRPC_SETTINGS = {
  grpcPorts: portsOf({
    variable: "SEGUE_GRPC_PORTS",
    description:
      "Ports of the analytics services, each of which serves all of them; 0 takes any free one. " +
      "Empty: they are not served.",
    example: "50051",
    fallback: "50051,50053,50055,50057",
  }),
  grpcHost: text(
    {
      variable: "SEGUE_GRPC_HOST",
      description:
        "Address that these ports are opened on. The default is reached from this machine alone.",
      example: "0.0.0.0",
      fallback: "127.0.0.1",
    },
    "a host name or an IP address",
    HOST_NAME,
  ),
  grpcMessageMibMax: wholeNumber(
    {
      variable: "SEGUE_GRPC_MESSAGE_MIB_MAX",
      description:
        "The largest message, in MiB, that the analytics services read; streaming calls have no " +
        "such limit on their whole.",
      example: "16",
      fallback: "64",
    },
    { min: 1, max: 1_024 },
  ),
  mapReduceThreads: wholeNumber(
    {
      variable: "SEGUE_MAPREDUCE_THREADS",
      description:
        "Worker threads that count the plays of large calls; 0 counts where the call is answered.",
      example: "4",
      fallback: "2",
    },
    { min: 0, max: 256 },
  ),
  mapReduceNodes: listOf(
    {
      variable: "SEGUE_MAPREDUCE_NODES",
      description:
        "Analytics services of other machines over which this one spreads the plays of " +
        "AggregatePlays calls. Empty: it counts them itself.",
      example: "10.0.0.2:50051,10.0.0.3:50051",
      fallback: "",
    },
    "host:port addresses separated by commas",
    ADDRESS,
  ),
};
