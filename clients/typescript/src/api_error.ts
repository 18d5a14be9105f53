/** Errors of the client. */

/** The problem document (RFC 9457) of a refused request; empty where the server sent none. */
export type Problem = { readonly detail?: string; readonly trace_id?: string; readonly [field: string]: unknown };

/** The server refused the request. `retryAfter` is in seconds, where the server says when to try again. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    readonly retryAfter: number | null,
  ) {
    super(`${status} ${problem.detail ?? "no problem document"}`);
    this.name = "ApiError";
  }
}

/** No reply came: the server was not reached, or did not answer in time. */
export class ConnectionFailed extends Error {
  constructor(cause: unknown) {
    super("no reply came", { cause });
    this.name = "ConnectionFailed";
  }
}

export function errorOf(response: Response, body: unknown): ApiError {
  const problem = typeof body === "object" && body !== null ? (body as Problem) : {};
  return new ApiError(response.status, problem, secondsOf(response.headers.get("Retry-After")));
}

/** Seconds that a `Retry-After` asks for, from a number or an HTTP date; null where it says nothing. */
export function secondsOf(retryAfter: string | null, now: number = Date.now()): number | null {
  if (retryAfter === null || retryAfter.trim() === "") return null;
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter);
  const moment = Date.parse(retryAfter);
  return Number.isNaN(moment) ? null : Math.max(0, (moment - now) / 1000);
}
