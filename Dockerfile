# Built in three steps: assets with Node, packages with pip, and an image that has neither.
FROM node:22-slim AS assets
WORKDIR /assets
COPY partnerpanel/assets/package.json partnerpanel/assets/package-lock.json partnerpanel/assets/.npmrc ./
RUN npm ci
COPY partnerpanel/assets ./
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin panel
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=partnerpanel.settings.production
COPY --from=packages /venv /venv
WORKDIR /srv/partnerpanel
COPY . .
COPY --from=assets /assets/dist partnerpanel/assets/dist
RUN python -m partnerpanel.embedded.translations compile \
    && python -m partnerpanel.embedded.environment -- python manage.py collectstatic --no-input --verbosity 0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "partnerpanel.embedded.health", "web"]
CMD ["gunicorn", "partnerpanel.wsgi", "--bind", "0.0.0.0:8000", "--threads", "4", "--no-control-socket", "--config", "python:partnerpanel.operations.gunicorn"]
