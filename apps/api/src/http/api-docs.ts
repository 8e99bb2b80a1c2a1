/** /openapi.json, the docs page that shows it, and the page about error codes. */
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { CODE_TABLE, type CodeFacts } from "@segue/errors";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";

const DOCS_CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Call before the routes that are to be described. */
export async function addApiDescription(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Segue",
        version,
        description:
          "Recommends the next songs. Errors are application/problem+json with a code of /docs/errors.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      tags: [
        { name: "songs", description: "Find songs" },
        { name: "recommendations", description: "Continue a list of songs" },
        { name: "plays", description: "Tell what was heard" },
        { name: "statistics", description: "What was heard, by whom and when" },
        { name: "users", description: "Who listens" },
        { name: "system", description: "How the system fares" },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnusedSchemas(jsonSchemaTransformObject(document)),
  });
}

/** Call after the routes. */
export async function addDocsPages(server: FastifyInstance): Promise<void> {
  server.get("/openapi.json", { schema: { hide: true } }, () => server.swagger());
  server.get("/docs/errors", { schema: { hide: true } }, (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(ERRORS_PAGE),
  );
  await server.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: DOCS_CONTENT_SECURITY_POLICY,
    uiConfig: { url: "/openapi.json", docExpansion: "list", validatorUrl: null },
  });
}

/** Every named schema comes in two forms, of requests and of answers; most are used in one. */
function withoutUnusedSchemas<Document extends object>(document: Document): Document {
  const used = (text: string, name: string) => text.includes(`"#/components/schemas/${name}"`);
  const { components, ...rest } = document as { components?: { schemas?: object } };
  const schemas = new Map<string, unknown>(Object.entries(components?.schemas ?? {}));
  for (let isDone = false; !isDone; ) {
    const text = JSON.stringify([rest, Object.fromEntries(schemas)]);
    const unused = [...schemas.keys()].filter((name) => !used(text, name));
    for (const name of unused) schemas.delete(name);
    isDone = unused.length === 0;
  }
  const kept = { ...components, schemas: Object.fromEntries(schemas) };
  return { ...document, components: kept };
}

const ERRORS_PAGE = [
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Segue: error codes</title>',
  "<h1>Error codes</h1>",
  ...Object.entries<CodeFacts>(CODE_TABLE)
    .filter(([, { httpStatus }]) => httpStatus !== null)
    .map(
      ([code, { httpStatus, title, action }]) =>
        `<h2 id="${code}">${code}</h2><p>${httpStatus} ${title}. ${action}</p>`,
    ),
  "</html>",
].join("\n");
