/** Headers that keep a page of ours from being used against its user. */
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

const NOTHING = ["'none'"];
const SELF = ["'self'"];

const CONTENT_SECURITY_POLICY = {
  defaultSrc: SELF,
  scriptSrc: SELF,
  scriptSrcAttr: NOTHING,
  // The component library writes its theme into a style element when it starts.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  connectSrc: SELF,
  fontSrc: SELF,
  objectSrc: NOTHING,
  baseUri: NOTHING,
  formAction: SELF,
  frameAncestors: NOTHING,
};

export async function addSecurityHeaders(server: FastifyInstance): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    // Served over plain HTTP on loopback; whoever adds TLS in front adds this there.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
  });
}
