/** Client of Legis, Brazil's National Congress as one JSON API. */

export { ApiError, ConnectionFailed, type Problem } from "./api_error.js";
export { dataOf, Legis, type BillQuery, type ChangeQuery, type LegislatorQuery, type LegislatorVoteQuery, type Options, type OrganizationQuery, type Position, type Schemas, type VoteEventQuery } from "./legis.js";
export type { RetryPolicy } from "./retrying_fetch.js";
export type { components, paths } from "./schema.js";
