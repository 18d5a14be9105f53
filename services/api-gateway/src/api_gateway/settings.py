"""Settings of the gateway's processes: database, index, limits, cache times."""

from legis.settings import ServiceSettings
from pydantic import Field, SecretStr


class StoreSettings(ServiceSettings):
    """Connection to the database, its time limits, and the freshness goal."""

    database_url: str = Field(
        "postgresql://postgres@127.0.0.1:5432/legislativo", description="PostgreSQL 15 or newer, as a libpq URL"
    )
    database_read_url: str | None = Field(
        None,
        description="Standbys that web reads from, as a libpq URL that may name several hosts; each is tried for a "
        "second, in random order. Unset: everything is read from DATABASE_URL. Of several hosts of that the primary is "
        "used",
    )
    database_pooled: bool = Field(
        False,
        description="Whether a pooler in transaction mode stands before the database (PgBouncer 1.21 or newer with "
        "max_prepared_statements): sessions then have the settings of their role, as migrate makes it",
    )
    dataset: str = Field("live", pattern="^(live|sample)$", description="Kind of data, as replies state it")
    freshness_goal_seconds: float = Field(7200, gt=0, description="Age of a source's last success that makes it STALE")
    database_pool_size: int = Field(
        10,
        ge=1,
        le=100,
        description="Connections a process keeps at most; web keeps two pools of half as many, of one at least,"
        " and two more to write",
    )
    database_acquire_timeout_seconds: float = Field(0.25, gt=0, le=30, description="Longest wait for a connection")
    database_statement_timeout_seconds: float = Field(2.5, gt=0, le=600, description="Longest statement of a reader")


class IndexSettings(StoreSettings):
    """Location of the search index. `indexer` writes it; every `web` process on the same host reads it."""

    index_folder: str = Field(
        "build/index", description="Folder of the search index; web needs write permission in it too, for a lock file"
    )


class IndexerSettings(IndexSettings):
    """How the indexer reads the change log and writes the search index."""

    indexer_host: str = Field("127.0.0.1", description="Address the indexer's health and metrics listen on")
    indexer_port: int = Field(5004, ge=0, le=65535, description="Port of the indexer's health and metrics")
    index_poll_seconds: float = Field(0.1, gt=0, le=10, description="Time between two checks of the change log")
    index_commit_seconds: float = Field(0.25, gt=0, le=10, description="Longest time a change waits for its commit")
    index_check_seconds: float = Field(3600, gt=0, description="Time between two checks of the index files' checksums")
    index_writer_megabytes: int = Field(
        128, ge=15, le=4096, description="Memory that index segments are collected in before they are written"
    )
    indexer_statement_timeout_seconds: float = Field(
        60, gt=0, le=600, description="Longest statement of the indexer; a rebuild reads the bills page by page"
    )


class WorkerSettings(StoreSettings):
    """How the worker reads the stream, and when it accepts a reading that contradicts the stored bill."""

    worker_host: str = Field("127.0.0.1", description="Address the worker's health and metrics listen on")
    worker_port: int = Field(5003, ge=0, le=65535, description="Port of the worker's health and metrics")
    worker_batch_size: int = Field(200, ge=1, le=1000, description="Events stored in one transaction at most")
    worker_block_milliseconds: int = Field(500, ge=10, le=1000, description="Longest wait for new events")
    worker_reclaim_idle_seconds: float = Field(
        15, gt=0, description="When another worker's unfinished events are taken"
    )
    worker_max_deliveries: int = Field(
        5, ge=1, le=100, description="Deliveries after which an event becomes a dead letter"
    )
    worker_statement_timeout_seconds: float = Field(30, gt=0, le=600, description="Longest statement of the writer")
    change_partition_entries: int = Field(
        5_000_000,
        ge=1000,
        le=1_000_000_000,
        description="Entries of the change log in each partition that is made from now on",
    )
    set_aside_wait_seconds: float = Field(
        300,
        gt=0,
        le=86_400,
        description="First wait before a record that was set aside is requested again; doubled up to a day",
    )
    regression_confirm_seconds: float = Field(
        60, ge=0, description="How long an older source date must persist before it replaces a newer one"
    )
    list_settle_seconds: float = Field(
        600,
        ge=0,
        le=86_400,
        description="How long a list must be read shorter than it is stored before the loss is accepted; the wait for "
        "the next reading doubles each time",
    )
    reconcile_misses: int = Field(
        3,
        ge=1,
        le=1000,
        description="Lists of its year that must lack a bill before the bill is requested from its source",
    )
    reconcile_days: int = Field(
        2,
        ge=0,
        le=365,
        description="Days on which those lists must have been read; a day counts once, unless this is 0",
    )
    reconcile_most_percent: float = Field(
        0.5,
        ge=0,
        le=100,
        description="Percentage of a source's bills that may be marked as removed within a day; if more would be, none "
        "is. Five are always allowed",
    )


SHORTEST_MASTER_KEY = 32
"""Characters: as many as the bytes of the keys that are derived from it."""


class SubscriptionSettings(StoreSettings):
    """What `web` and `notifier` must agree on."""

    signing_master_key: SecretStr = Field(
        SecretStr(""),
        description="At least 32 characters that the signing keys of webhooks and the tokens in e-mails are derived "
        "from; a new one voids them all. Without it there are no subscriptions",
    )
    public_base_url: str = Field(
        "",
        description="Scheme and host put before links; empty: links are relative, no cache may keep a feed, and no "
        "e-mail is sent",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server: smtp://user:password@host:587 (STARTTLS where it is offered) or smtps://…:465. "
        "Without it subscriptions by e-mail are refused with 503",
    )
    mail_from: str = Field("", description="Address that e-mails come from; bounces go to bounces+<id>@ its domain")

    @property
    def signs_messages(self) -> bool:
        """Whether there can be subscriptions: the master key is set, and long enough."""
        return len(self.signing_master_key.get_secret_value()) >= SHORTEST_MASTER_KEY

    @property
    def sends_mail(self) -> bool:
        """Whether all that a mail server needs is set."""
        return bool(self.smtp_url.get_secret_value() and self.mail_from and self.public_base_url)


class ExportSettings(StoreSettings):
    """Where exports are kept: `exporter` writes them, `web` sends them."""

    exports_folder: str = Field(
        "build/exports", description="Folder of the exports, if no bucket is named; web and exporter must see the same"
    )
    exports_s3_bucket: str = Field("", description="Bucket for the exports; empty: they are kept in EXPORTS_FOLDER")
    exports_s3_endpoint: str = Field("", description="Address of the S3 service; empty: that of Amazon's region")
    exports_s3_region: str = Field("us-east-1", description="Region of the bucket")
    exports_s3_prefix: str = Field("", description="Beginning of the objects' names in the bucket")
    exports_s3_access_key: SecretStr = Field(SecretStr(""), description="Access key; empty: that of the environment")
    exports_s3_secret_key: SecretStr = Field(SecretStr(""), description="Secret key that belongs to it")


class EdgeSettings(ServiceSettings):
    """What both processes that clients reach have in common."""

    forwarded_allow_ips: str = Field("127.0.0.1", description="Proxies whose X-Forwarded-For is believed")
    site_url: str = Field(
        "",
        description="Public address of the pages: put before links that leave them, and where web sends browsers that "
        "ask for `/`; empty: that of each request, and nowhere",
    )


class WebSettings(IndexSettings, SubscriptionSettings, ExportSettings, EdgeSettings):
    """The public API: its address, time limits, admission control, caches and rate limit."""

    host: str = Field("127.0.0.1", description="Address the public API listens on")
    port: int = Field(5000, ge=0, le=65535, description="Port of the public API")
    drain_seconds: float = Field(
        0.5, ge=0, le=60, description="Time after SIGTERM in which requests are still answered; 8 behind a proxy"
    )
    request_timeout_seconds: float = Field(3.0, gt=0, le=60, description="Deadline of one request")
    listen_fd: int | None = Field(
        None, ge=3, description="Listening socket inherited from the starter, shared by several; PORT is then its own"
    )
    admission_slots: int = Field(4, ge=1, le=100, description="Requests that run at a time")
    admission_queue: int = Field(40, ge=1, le=10_000, description="Requests that may wait for a slot")
    admission_wait_seconds: float = Field(0.15, gt=0, le=10, description="Longest wait for a slot")
    search_threads: int = Field(2, ge=1, le=32, description="Threads that search the index, beside the event loop")
    response_cache_entries: int = Field(4096, ge=0, description="Finished replies kept in memory")
    rate_limit_per_minute: int = Field(600, ge=1, description="Requests a client may make per minute without a key")
    proxy_cache: bool = Field(
        False,
        description="Whether a proxy in front keeps replies: it is told for how long in Cache-Control, and in "
        "X-Public-Cache-Control what it has to tell clients",
    )
    rate_limit_burst: int = Field(
        100, ge=0, le=1_000_000, description="Requests above the steady rate that a client may make at once"
    )
    api_key_rate_limit_per_minute: int = Field(
        6000, ge=1, description="Requests a minute of an API key that has no limit of its own"
    )
    api_key_grace_seconds: float = Field(
        60, ge=0, le=3600, description="How long keys that were met before are accepted while the database is away"
    )
    change_archive_url: str = Field(
        "",
        description="Public address of the archive of old changes; told to who asks for entries that are only there",
    )
    access_log: str = Field(
        "sampled",
        pattern="^(sampled|full)$",
        description="Requests with a line in the log: errors and a hundredth of the rest, without clients; or all of "
        "them (full), with each client's address, for a web without a proxy that keeps an access log",
    )


class SiteSettings(EdgeSettings):
    """The pages: where they listen, and the public API that they read."""

    site_host: str = Field("127.0.0.1", description="Address the pages listen on")
    site_port: int = Field(5006, ge=0, le=65535, description="Port of the pages")
    site_drain_seconds: float = Field(
        0.5, ge=0, le=60, description="Time after SIGTERM in which pages are still served; 8 behind a proxy"
    )
    site_contact: str = Field(
        "",
        pattern=r"^$|^[^\s@/<>]+@[^\s@/<>]+$|^https?://[^\s<>]+$",
        description="E-mail or web address of whoever runs this site, shown where people may report an error; empty "
        "shows none",
    )
    site_design: bool = Field(False, description="Whether `/design` shows tokens and components: for development")
    api_url: str = Field("http://127.0.0.1:5000", description="Address at which the site reads the public API")
    api_public_url: str = Field(
        "", description="Address at which browsers read the public API; empty: that of the pages, behind one proxy"
    )
    api_timeout_seconds: float = Field(4.0, gt=0, le=60, description="Longest wait of the site for a reply of the API")
    api_connections: int = Field(32, ge=1, le=1000, description="Requests that the site has at the API at once")


class NotifierSettings(SubscriptionSettings):
    """How subscribers are told about changes."""

    notifier_host: str = Field("127.0.0.1", description="Address the notifier's health and metrics listen on")
    notifier_port: int = Field(5005, ge=0, le=65535, description="Port of the notifier's health and metrics")
    notifier_poll_seconds: float = Field(0.25, gt=0, le=10, description="Time between two looks at the change log")
    notifier_statement_timeout_seconds: float = Field(30, gt=0, le=600, description="Longest statement of the notifier")
    own_networks: str = Field(
        "",
        description="Networks (CIDR, comma-separated) that no webhook may lead to, besides those that are not public",
    )


class ExporterSettings(ExportSettings):
    """When an export is built, and how many are kept."""

    exporter_host: str = Field("127.0.0.1", description="Address the exporter's health and metrics listen on")
    exporter_port: int = Field(5007, ge=0, le=65535, description="Port of the exporter's health and metrics")
    export_hour: int = Field(3, ge=0, le=23, description="Hour, in Brasília, at which the export of the day begins")
    export_keep: int = Field(8, ge=1, le=1000, description="Complete exports that are kept; older ones are deleted")
    export_retry_seconds: float = Field(600, gt=0, description="Wait before an export that failed is begun again")
    export_scratch_folder: str = Field(
        "", description="Folder for files while they are written, as large as one export; empty: the system's own"
    )


class MigrationSettings(StoreSettings):
    """How long a migration waits for its lock."""

    migration_lock_timeout_seconds: float = Field(60, gt=0, description="Longest wait for another migration to finish")
    web_database_password: SecretStr | None = Field(
        None, description="Password of the database role legis_web, which is made or changed; unset leaves it as it is"
    )
    worker_database_password: SecretStr | None = Field(None, description="The same of legis_worker, which may write")
    notifier_database_password: SecretStr | None = Field(
        None, description="The same of legis_notifier, which tells subscribers"
    )
    indexer_database_password: SecretStr | None = Field(None, description="The same of legis_indexer, which may read")
