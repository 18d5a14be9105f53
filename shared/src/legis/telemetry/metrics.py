"""Declares every domain metric with its labels. Label values are bounded: never an id, a query or a host."""

from prometheus_client import Counter, Gauge, Histogram

# upstream (both ingest services)
UPSTREAM_REQUESTS = Counter(
    "legis_upstream_requests_total", "Requests sent to a chamber's API, by outcome", ["source", "endpoint", "outcome"]
)
UPSTREAM_SECONDS = Histogram(
    "legis_upstream_request_seconds",
    "Duration of one attempt",
    ["source", "endpoint"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
UPSTREAM_RETRIES = Counter("legis_upstream_retries_total", "Attempts after the first", ["source"])
RETRY_BUDGET = Gauge("legis_upstream_retry_budget_remaining", "Tokens left in the retry budget", ["source"])
BREAKER_STATE = Gauge("legis_breaker_state", "0 closed, 1 half-open, 2 open", ["source"])
BREAKER_OPENED = Counter("legis_breaker_opened_total", "Times the circuit opened", ["source"])
UPSTREAM_BLOCKED = Gauge("legis_upstream_blocked", "1 while a chamber blocks this client, else 0", ["source"])
UPSTREAM_BLOCKS = Counter("legis_upstream_blocks_total", "Times a block by a chamber began or was extended", ["source"])
UNKNOWN_CODES = Counter(
    "legis_unknown_codes_total", "Official codes that are not in our vocabulary, kept as OTHER", ["source", "list"]
)
UNKNOWN_FIELDS = Counter(
    "legis_unknown_fields_total", "Upstream fields not in our wire models, kept as extras", ["source", "record"]
)
PERSONAL_DATA = Counter(
    "legis_personal_data_removed_total", "Values removed from extras because they are personal data", ["source"]
)

# ingest engine
RECORDS_READ = Counter("legis_ingest_records_total", "Records read, by outcome", ["source", "walk", "outcome"])
WINDOWS = Counter("legis_ingest_windows_total", "Windows, by outcome", ["source", "walk", "outcome"])
WINDOW_AGE = Gauge("legis_ingest_window_age_seconds", "Age of the window being read or awaited", ["source"])
CURSOR_AGE = Gauge("legis_ingest_cursor_age_seconds", "Time since the incremental checkpoint last moved", ["source"])
LAST_SUCCESS = Gauge("legis_ingest_last_success_timestamp_seconds", "Unix time of the last finished window", ["source"])
READER = Gauge("legis_ingest_reader", "1 while this process reads the source, 0 while it stands by", ["source"])
PUBLISH_WAITS = Counter("legis_publish_waits_total", "Times a full stream made ingest wait", ["source"])

# worker
EVENTS_HANDLED = Counter("legis_worker_events_total", "Events handled, by outcome", ["source", "outcome"])
RECORDS_HANDLED = Counter(
    "legis_worker_records_total", "Readings of records other than bills, by outcome", ["source", "kind", "outcome"]
)
BATCH_SECONDS = Histogram(
    "legis_worker_batch_seconds",
    "Time to store one batch",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
PUBLISH_TO_STORED = Histogram(
    "legis_publish_to_stored_seconds",
    "From published to committed",
    ["source"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
STREAM_BACKLOG = Gauge("legis_stream_backlog", "Entries on the stream")
STREAM_PENDING = Gauge("legis_stream_pending", "Entries delivered and not yet acknowledged")
GROUP_RECREATED = Counter("legis_stream_group_recreated_total", "Times the consumer group was lost and created again")
DEAD_LETTERS = Counter("legis_dead_letters_total", "Events and records stored as dead letters", ["source", "stage"])
DEAD_LETTERS_OPEN = Gauge("legis_dead_letters_open", "Dead letters not yet resolved", ["source"])
CHANGES = Counter("legis_changes_total", "Rows added to the change log", ["source", "kind"])
CHANGE_PARTITIONS_AHEAD = Gauge(
    "legis_change_partitions_ahead", "Partitions of the change log that begin after its last entry"
)

# reconciliation (worker)
RECONCILE_COMPARED = Counter(
    "legis_reconcile_years_total", "Lists of a year compared with what is stored, by outcome", ["source", "outcome"]
)
RECONCILE_LAST = Gauge(
    "legis_reconcile_last_timestamp_seconds", "Unix time of the newest list that was compared", ["source"]
)
RECONCILE_MISMATCH = Counter(
    "legis_reconcile_mismatch_total",
    "Differences between a list of a year and the store: missing here, missing there, or different",
    ["source", "kind"],
)
REMOVALS = Counter(
    "legis_removals_total", "Records that their source reports missing, by outcome", ["source", "outcome"]
)
QUESTIONS_OPEN = Gauge("legis_questions_open", "Records to be read again, by reason", ["source", "reason"])

# state of the sources (worker)
SOURCE_STATE = Gauge("legis_source_state", "1 for the state that a source is in, 0 for the others", ["source", "state"])
RECORDS_AGE = Gauge(
    "legis_records_age_seconds",
    "Time since records of a kind other than bills were last read whole",
    ["source", "kind"],
)
RECORDS_BEHIND = Gauge(
    "legis_records_behind",
    "1 while records of a kind other than bills are older than they should be, or were never read whole",
    ["source", "kind"],
)
YEARS_NOT_READ = Gauge("legis_years_not_read", "Years whose list could not be had", ["source"])
ASKED_AGAIN = Counter("legis_records_asked_again_total", "Records set aside that are requested again", ["source"])

# lists that upstream shows shorter than stored (worker)
LISTS_IN_DOUBT = Gauge(
    "legis_lists_in_doubt", "Lists that upstream shows shorter than stored, or not", ["source", "list"]
)
LIST_OUTAGE = Gauge(
    "legis_list_outage", "1 while so many bills lack a list that no loss of it is accepted", ["source", "list"]
)
LIST_DOUBTS = Counter(
    "legis_list_doubts_total", "Doubts about lists of bills, by outcome", ["source", "list", "outcome"]
)

# search index (indexer; the position also in web, for the copy that it searches)
INDEX_SEQ = Gauge("legis_index_seq", "Change log entry up to which the search index is complete")
INDEX_LAG_ENTRIES = Gauge("legis_index_lag_entries", "Change log entries that are not in the search index yet")
INDEX_LAG_SECONDS = Gauge("legis_index_lag_seconds", "Age of the oldest change that is not in the search index; else 0")
INDEX_DOCUMENTS = Gauge("legis_index_documents", "Bills in the search index")
INDEX_SEGMENTS = Gauge("legis_index_segments", "Segments of the search index")
INDEX_BYTES = Gauge("legis_index_bytes", "Size of the search index on disk")
INDEX_COMMIT_SECONDS = Histogram(
    "legis_index_commit_seconds",
    "Time of one commit of the search index",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
INDEX_REBUILDING = Gauge("legis_index_rebuilding", "1 while the search index is rebuilt, else 0")
INDEX_REBUILD_PROGRESS = Gauge("legis_index_rebuild_progress_ratio", "Share of the bills that a rebuild has read")
INDEX_REBUILDS = Counter("legis_index_rebuilds_total", "Rebuilds of the search index, by reason", ["reason"])
INDEX_FAILURES = Counter("legis_index_failures_total", "Failures of the indexer that are retried", ["stage"])

# web
POOL_WAIT = Histogram(
    "legis_pool_wait_seconds", "Wait for a database connection", buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1)
)
HTTP_REQUESTS = Counter("http_requests", "Replies by route", ["handler", "method", "status"])
HTTP_SECONDS = Histogram(
    "http_request_duration_seconds",
    "Time to a reply; of a stream, to its beginning",
    ["handler"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
)
POOL_IN_USE = Gauge("legis_pool_in_use", "Database connections in use")
REPLIES = Counter(
    "legis_replies",
    "Cacheable replies by origin: cached, shared with an identical concurrent request, or computed",
    ["origin"],
)
SHED = Counter("legis_shed_total", "Requests refused to protect the rest", ["reason"])
RATE_LIMITED = Counter("legis_rate_limited_total", "Requests answered 429", ["tier"])
RATE_LIMIT_ERRORS = Counter("legis_rate_limit_errors_total", "Rate-limit checks that failed open")
LOOP_LAG = Gauge("legis_loop_lag_seconds", "How late the event loop runs")

# every process
HEALTH_CHECK = Gauge("legis_health_check", "1 when the named check is good, 0 when not", ["check"])

# notifier
MATCH_LAG = Gauge("legis_notifier_match_lag_seq", "Entries of the change log not yet matched with subscriptions")
SEARCHES_LEFT_OUT = Counter(
    "legis_notifier_searches_left_out_total",
    "Saved searches that were left out, since they cannot be read, or since matching them with some entries raised",
    ["reason"],
)
DELIVERIES = Counter(
    "legis_deliveries_total", "Messages to subscribers, by channel and outcome", ["channel", "outcome"]
)
DELIVERY_AGE = Histogram(
    "legis_delivery_age_seconds",
    "Time from a change to its first successful delivery",
    ["channel"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600, 86_400),
)
SUBSCRIPTIONS = Gauge("legis_subscriptions", "Subscriptions, by channel and state", ["channel", "state"])
CONFIRMATIONS_ASKED = Counter(
    "legis_confirmations_asked_total",
    "Requests without a key for e-mail to an address: asked, or not, since its mailbox was asked often that day",
    ["outcome"],
)
WEBHOOK_ADDRESSES_REFUSED = Counter(
    "legis_webhook_addresses_refused_total",
    "Connections to receivers that were refused, since the address is not public",
)

# exporter
EXPORT_SUCCESS = Gauge(
    "legis_export_last_success_timestamp_seconds", "Unix time of the newest complete export; 0: there is none"
)
EXPORT_ROWS = Gauge("legis_export_rows", "Rows of the newest complete export", ["resource"])
EXPORT_BYTES = Gauge("legis_export_bytes", "Length of all files of the newest complete export")
EXPORT_PROGRESS = Gauge("legis_export_progress_ratio", "Share of the export that is being built; 0 between two")
EXPORT_SECONDS = Gauge("legis_export_build_seconds", "Time that the last build took, however it ended")
EXPORT_BUILDS = Counter("legis_export_builds_total", "Builds of exports, by outcome", ["outcome"])

# site
SITE_API_CALLS = Counter(
    "legis_site_api_calls_total", "Requests of the pages to the public API, by outcome", ["outcome"]
)
