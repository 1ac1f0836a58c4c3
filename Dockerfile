# syntax=docker/dockerfile:1
# One image for the web, the worker, the beat and the migration: what each does is its command in compose.yaml.

FROM python:3.11-slim-bookworm AS build
RUN python -m venv /venv
COPY deploy/requirements.lock /build/
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /build/requirements.lock
WORKDIR /app
COPY manage.py ./
COPY backend backend
COPY documents documents
COPY signatures signatures
COPY cases cases
COPY frontend frontend
# The State's own marks and font, for a site of the State only: they must be there when the static files are gathered.
ARG STATE_MARKS=false
RUN /venv/bin/python -c "from backend.stack.translations import compile_all; compile_all()" \
    && ENVIRONMENT=development STATE_MARKS=$STATE_MARKS STATIC_ROOT=/app/static /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q /app

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 app \
    && useradd --system --uid 10001 --gid app --home-dir /app --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner app --group app --mode 0700 /keys
# Ghostscript makes archives (PDF/A) of what is none, LibreOffice makes PDFs of text documents: without them the platform does neither, and says so.
ARG PROGRAMS="ghostscript libreoffice-writer-nogui fonts-liberation"
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends $PROGRAMS && rm -rf /var/lib/apt/lists/*
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production STATIC_ROOT=/app/static KEYS_DIR=/keys VAR_DIR=/tmp
WORKDIR /app
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "backend.stack.web", "--host", "0.0.0.0", "--port", "8000"]
