# syntax=docker/dockerfile:1
#
# docker build -t kvitto .
# docker run -e TELEGRAM_BOT_TOKEN=… -v kvitto:/data --read-only --tmpfs /tmp kvitto
#
# compose.yaml runs it with all of its walls. Builds for amd64 and arm64: every package in
# requirements-run.lock has a wheel for both, so nothing is compiled.

# A release names its base by digest (`--build-arg PYTHON_IMAGE=python:3.13-slim-trixie@sha256:…`, as
# .github/workflows/ci.yaml does). The default is a tag, because a digest that nobody renews keeps old
# holes open.
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY requirements.lock requirements-run.lock ./
# The installers come by hash too. They stay behind in this stage.
RUN sed -n -E '/^(uv|setuptools)==/,/[^\\]$/p' requirements.lock > /tmp/installers.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --quiet --disable-pip-version-check --no-cache-dir \
       --require-hashes --no-deps --only-binary :all: -r /tmp/installers.lock
# requirements-run.lock is requirements.lock without what only tests need (`make lock` writes both).
RUN python -m venv --without-pip /opt/kvitto \
    && UV_LINK_MODE=copy /opt/build/bin/uv pip install --quiet --python /opt/kvitto/bin/python \
       --require-hashes --no-deps --only-binary :all: --compile-bytecode -r requirements-run.lock
COPY . .
# The program with its fonts, Tesseract's data for 18 languages, models and rates.
RUN /opt/build/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps \
       --no-build-isolation --wheel-dir /tmp/wheel . \
    && UV_LINK_MODE=copy /opt/build/bin/uv pip install --quiet --python /opt/kvitto/bin/python \
       --no-deps --compile-bytecode /tmp/wheel/kvitto-*.whl

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/kvitto /opt/kvitto
RUN install -d -m 0700 -o 10001 -g 10001 /data
# Below this folder the settings' own defaults, data/kvitto.db and data/receipts, are in the volume.
WORKDIR /
# HTTP_HOST opens /healthz and the webhook alone; /metrics and /readyz stay at 127.0.0.1:8081.
ENV PATH=/opt/kvitto/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    HTTP_HOST=0.0.0.0 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["kvitto", "healthz"]
ENTRYPOINT ["kvitto"]
CMD ["run"]
