# The gateway's image: web, and with another command worker (api_gateway.worker), indexer (api_gateway.indexer) or
# migrate (api_gateway.migrations).
# The base is pinned by tag; pin it by digest with --build-arg PYTHON_IMAGE=python:3.13-slim-bookworm@sha256:…
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY deploy/images/locked.awk deploy/images/packages/build.txt deploy/images/packages/api-gateway.txt requirements.lock ./
# Third-party packages first, as wheels with the lock's versions and hashes: this layer changes only with the lock.
RUN awk -f locked.awk build.txt requirements.lock >build.lock \
    && awk -f locked.awk api-gateway.txt requirements.lock >run.lock \
    && python -m venv --without-pip /opt/build \
    && python -m venv --without-pip /opt/legis \
    && pip --python /opt/build/bin/python install --require-hashes --no-deps --only-binary :all: -r build.lock \
    && pip --python /opt/legis/bin/python install --require-hashes --no-deps --only-binary :all: -r run.lock
# Then ours. `pip check` fails the build when the list of packages lacks one.
COPY shared shared
COPY services/api-gateway services/api-gateway
# The pages show both.
COPY docs/incidents docs/incidents
COPY CHANGELOG.md ./
RUN pip --python /opt/build/bin/python wheel --no-build-isolation --no-deps --wheel-dir wheels ./shared ./services/api-gateway \
    && pip --python /opt/legis/bin/python install --no-index --no-deps wheels/*.whl \
    && pip --python /opt/legis/bin/python check
COPY deploy/images/entry /opt/legis/entry

FROM ${PYTHON_IMAGE}
ARG PYTHON_IMAGE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="legis/api-gateway" \
    org.opencontainers.image.description="Stores, searches and serves the bills of both chambers" \
    org.opencontainers.image.source="https://github.com/legis-br/legis" \
    org.opencontainers.image.base.name="${PYTHON_IMAGE}" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# Nothing that installs stays: what runs here came from the lock.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin legis \
    && python -m pip uninstall --yes --quiet --root-user-action ignore pip \
    && rm -rf "$(python -c 'import ensurepip; print(*ensurepip.__path__)')"
# A new volume takes the owner of the folder it is mounted on: web and indexer both write into the index.
RUN mkdir -p /var/lib/legis/index && chown 10001:10001 /var/lib/legis/index
# nginx's access log and Jaeger's traces: their own images have no folder of that user.
RUN mkdir -p /var/log/legis /var/lib/legis/traces && chown 10001:10001 /var/log/legis /var/lib/legis/traces
COPY --from=build /opt/legis /opt/legis
ENV PATH=/opt/legis/entry:/opt/legis/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["healthy", "5000", "/api/health/ready"]
CMD ["python", "-m", "api_gateway.web"]
