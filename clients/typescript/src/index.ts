/** Client of Legis, Brazil's National Congress as one JSON API. */

export { ApiError, ConnectionFailed, type Problem } from "./api_error.js";
export { dataOf, Legis, type BillQuery, type ChangeQuery, type Options, type Position, type Schemas } from "./legis.js";
export type { RetryPolicy } from "./retrying_fetch.js";
export type { components, paths } from "./schema.js";
