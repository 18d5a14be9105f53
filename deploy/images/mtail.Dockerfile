# mtail, which makes figures of nginx's access log: Debian's package, since no image of it is published.
FROM debian:13-slim
# hadolint ignore=DL3008 # Debian keeps only the newest version of a stable release
RUN apt-get update \
    && apt-get install --yes --no-install-recommends mtail \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
EXPOSE 3903
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3903"]
CMD ["mtail", "--progs", "/etc/mtail", "--logs", "/var/log/legis/access.log", "--emit_prog_label=false", "--logtostderr"]
