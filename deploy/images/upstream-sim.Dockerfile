# The simulator's image, for the offline layer only: never part of production.
# The base is pinned by tag; pin it by digest with --build-arg PYTHON_IMAGE=python:3.13-slim-bookworm@sha256:…
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY deploy/images/locked.awk deploy/images/packages/build.txt deploy/images/packages/upstream-sim.txt requirements.lock ./
# Third-party packages first, as wheels with the lock's versions and hashes: this layer changes only with the lock.
RUN awk -f locked.awk build.txt requirements.lock >build.lock \
    && awk -f locked.awk upstream-sim.txt requirements.lock >run.lock \
    && python -m venv --without-pip /opt/build \
    && python -m venv --without-pip /opt/legis \
    && pip --python /opt/build/bin/python install --require-hashes --no-deps --only-binary :all: -r build.lock \
    && pip --python /opt/legis/bin/python install --require-hashes --no-deps --only-binary :all: -r run.lock
# Then ours. `pip check` fails the build when the list of packages lacks one.
COPY tools/upstream-sim tools/upstream-sim
RUN pip --python /opt/build/bin/python wheel --no-build-isolation --no-deps --wheel-dir wheels ./tools/upstream-sim \
    && pip --python /opt/legis/bin/python install --no-index --no-deps wheels/*.whl \
    && pip --python /opt/legis/bin/python check
COPY deploy/images/entry /opt/legis/entry

FROM ${PYTHON_IMAGE}
ARG PYTHON_IMAGE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="legis/upstream-sim" \
    org.opencontainers.image.description="A synthetic Congress that answers like both chambers' APIs" \
    org.opencontainers.image.source="https://github.com/legis-br/legis" \
    org.opencontainers.image.base.name="${PYTHON_IMAGE}" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# Nothing that installs stays: what runs here came from the lock.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin legis \
    && python -m pip uninstall --yes --quiet --root-user-action ignore pip \
    && rm -rf "$(python -c 'import ensurepip; print(*ensurepip.__path__)')"
COPY --from=build /opt/legis /opt/legis
ENV PATH=/opt/legis/entry:/opt/legis/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8700
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["healthy", "8700", "/control"]
CMD ["python", "-m", "upstream_sim", "--host", "0.0.0.0", "--port", "8700"]
