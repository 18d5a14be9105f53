/** `fetch` that repeats a request where the server says "later", or where no reply comes. */

import { ConnectionFailed, secondsOf } from "./api_error.js";

/** At most `attempts` requests for one call, with a wait of at most `longestWait` seconds between two. */
export type RetryPolicy = { readonly attempts: number; readonly firstWait: number; readonly longestWait: number };
export type Fetch = (request: Request) => Promise<Response>;
export type Sleep = (seconds: number) => Promise<void>;

export const DEFAULT_POLICY: RetryPolicy = { attempts: 4, firstWait: 0.5, longestWait: 60 };

/** Statuses that say "later": every request is a GET, so each may be repeated. */
const REPEATED = new Set([429, 502, 503, 504]);

export const sleepSeconds: Sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export function retryingFetch(fetchOnce: Fetch, policy: RetryPolicy, timeout: number, sleep: Sleep): Fetch {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout * 1000)]);
      const reply = await fetchOnce(new Request(request.clone(), { signal })).catch((error: unknown) => {
        if (request.signal.aborted) throw error;
        return new ConnectionFailed(error);
      });
      const wait = waitAfter(attempt, reply, policy);
      if (wait !== null) {
        if (reply instanceof Response) await reply.body?.cancel();
        await sleep(wait);
      } else if (reply instanceof ConnectionFailed) {
        throw reply;
      } else {
        return reply;
      }
    }
  };
}

/** Seconds to wait after this attempt; null where its outcome is final. */
function waitAfter(attempt: number, reply: Response | ConnectionFailed, policy: RetryPolicy): number | null {
  if (attempt >= policy.attempts) return null;
  if (reply instanceof Response) {
    if (!REPEATED.has(reply.status)) return null;
    const asked = secondsOf(reply.headers.get("Retry-After"));
    if (asked !== null) return asked <= policy.longestWait ? asked : null;
  }
  const doubled = Math.min(policy.firstWait * 2 ** (attempt - 1), policy.longestWait);
  return doubled * (0.5 + Math.random() / 2);
}
