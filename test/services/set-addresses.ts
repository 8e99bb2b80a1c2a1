/** Gives the addresses to the tests of this suite alone: others run products that would use them. */
import { inject } from "vitest";

Object.assign(process.env, inject("serviceEnvironment"));
