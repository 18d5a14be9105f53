# Varnish in front of nginx, for who wants to serve more than nginx keeps: docs/deployment/cdn.md. Varnish 7.
vcl 4.1;

import std;

backend nginx {
    .host = "127.0.0.1"; # nginx, which must believe Varnish: LEGIS_TRUSTED_PROXIES
    .port = "5000";
    .first_byte_timeout = 40s; # a long poll
    .probe = { .url = "/api/health/ready"; .interval = 1s; .timeout = 1s; .window = 3; .threshold = 2; }
}

sub vcl_recv {
    unset req.http.Forwarded;
    if (req.http.Authorization || req.http.X-API-Key || req.url ~ "[?&](min_seq|wait)=" || req.url ~ "^/api/v1/changes/stream") {
        return (pass);
    }
    # While nginx answers, one second of an old reply at most; while it does not, all that is kept.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 1s;
    }
}

sub vcl_backend_response {
    if (beresp.http.Cache-Control ~ "(?i)no-store|private") {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    if (beresp.status < 500) {
        set beresp.ttl = 1s;
        set beresp.grace = 10m;
    }
    if (bereq.url ~ "^/api/v1/changes/stream") {
        set beresp.do_stream = true;
        set beresp.uncacheable = true;
    }
    # These are about one client's request, and would be told to all.
    unset beresp.http.RateLimit;
    unset beresp.http.RateLimit-Policy;
    unset beresp.http.X-Request-ID;
    unset beresp.http.traceparent;
}
