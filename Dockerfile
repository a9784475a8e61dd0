# One image for all processes: serve, clock, worker, and every other `waymark` command.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/waymark
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY models models
COPY surveys surveys
COPY nlp nlp
COPY feedback feedback
RUN /opt/waymark/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for `waymark db backup` and `restore`; of Debian's stable release
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 waymark \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/waymark --create-home waymark
COPY --from=build /opt/waymark /opt/waymark
ENV PATH=/opt/waymark/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WAYMARK_ENV=production \
    WAYMARK_HOME=/var/lib/waymark
USER 10001:10001
WORKDIR /var/lib/waymark
EXPOSE 8000
ENTRYPOINT ["waymark"]
CMD ["serve"]
