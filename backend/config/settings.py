"""Every setting, by subject; those of trust (keys, signatures, sign-in) in `trust.py`. Values come from the environment only; `docs/settings.md` lists the variables."""

import os
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from backend.config.environment import BASE_DIR, ENVIRONMENT, PRODUCTION, VAR_DIR, address, env, secret
from backend.config.trust import *  # noqa: F403
from backend.config.trust import ALLAUTH_TRUSTED_PROXY_COUNT

DEBUG = env.bool("DEBUG", False) and not PRODUCTION
SECRET_KEY = secret("SECRET_KEY", "development-only-secret-key-never-in-production")
BASE_URL = address("BASE_URL", "http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
DEMO = env.bool("DEMO", False) and not PRODUCTION

# --- Applications
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "channels",
    "backend.people",
    "backend.work",
    "backend.register",
    "backend.api",
    "documents",
    "signatures",
    "cases",
    "cases.notices",
    "frontend",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "backend.api.methods.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backend.people.middleware.ActorMiddleware",
    "frontend.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "backend.config.urls"
ASGI_APPLICATION = "backend.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],  # before allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.context.site",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: two roles. The application's may not change the register; the owner migrates.
DATABASES = {
    "default": env.db_url_config(address("DATABASE_URL", "postgres://app:app@127.0.0.1:5432/commun_accord")),
    "migrator": env.db("MIGRATOR_DATABASE_URL", env.str("DATABASE_URL", "postgres://owner:owner@127.0.0.1:5432/commun_accord")),
}
for _database in DATABASES.values():
    _database["OPTIONS"] = {"connect_timeout": 5, "options": "-c lock_timeout=5s -c statement_timeout=30s", **_database.get("OPTIONS", {})}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 0)
DATABASES["migrator"]["TEST"] = {"MIRROR": "default"}
DATABASE_ROUTERS = ["backend.config.databases.Router"]

# --- Valkey: cache, channel layer, Celery's broker
VALKEY_URL = address("VALKEY_URL", "redis://127.0.0.1:6379/0")
VALKEY_PREFIX = env.str("VALKEY_PREFIX", "ca")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VALKEY_URL, "KEY_PREFIX": VALKEY_PREFIX}}
_channels = {"hosts": [VALKEY_URL], "prefix": f"{VALKEY_PREFIX}-channels"}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": _channels}}
LIVE_LOOK_SECONDS = env.float("LIVE_LOOK_SECONDS", 20.0)  # how often an open socket looks for what no signal told it

# --- Objects (any S3)
S3_ENDPOINT = address("S3_ENDPOINT", "http://127.0.0.1:8333")
S3_ACCESS_KEY = address("S3_ACCESS_KEY", "development")
S3_SECRET_KEY = secret("S3_SECRET_KEY", "development-only-s3-secret-key-00")
S3_BUCKET = env.str("S3_BUCKET", "commun-accord")
S3_REGION = env.str("S3_REGION", "us-east-1")
S3_SECONDS = env.float("S3_SECONDS", 30.0)  # how long it may be silent before it is asked again, twice
S3_OBJECT_LOCK = env.str("S3_OBJECT_LOCK", "governance")  # how ready documents are locked: "governance", "compliance", or "none"
S3_LOCK_DAYS = env.int("S3_LOCK_DAYS", 45)  # for how long; each audit renews it, so that it must be longer than AUDIT_NIGHTS
AUDIT_NIGHTS = env.int("AUDIT_NIGHTS", 30)  # every document is read again and checked once in so many nights

# --- Documents
DOCUMENTS_KEYRING = env.str("DOCUMENTS_KEYRING", "local")  # where the keys live that wrap each document's own: or "vault-transit"
DOCUMENTS_KEY = secret("DOCUMENTS_KEY", "development-only-key-encryption-key-0")  # wraps with "local"; opens what it wrapped before Vault
DOCUMENTS_OTHER_KEYS = env.list("DOCUMENTS_OTHER_KEYS", default=[])  # only unwrap: earlier keys, or the coming one made known
DOCUMENTS_KEY_SEALS = {"second factors": "backend.people.sealed"}  # what else is under those keys → who seals it: `reseal()`, `waiting()`
VAULT_ADDR = env.str("VAULT_ADDR", "http://127.0.0.1:8200").rstrip("/")  # of HashiCorp Vault, or of a Vault Agent beside us
VAULT_TOKEN = env.str("VAULT_TOKEN", "")  # empty where a Vault Agent adds its own
VAULT_NAMESPACE = env.str("VAULT_NAMESPACE", "")
VAULT_CACERT = env.str("VAULT_CACERT", "")  # PEM file of the authority of VAULT_ADDR; empty: those of the system
VAULT_TRANSIT_MOUNT = env.str("VAULT_TRANSIT_MOUNT", "transit")
VAULT_TRANSIT_KEY = env.str("VAULT_TRANSIT_KEY", "commun-accord")
DOCUMENTS_CHANGED = "cases.notices.feed.document_changed"  # told (version id, state) after each change of state; empty: nobody
DOCUMENTS_SET_ASIDE = "cases.set-aside"  # kind of the job owed, about the version, where a virus was found in it; empty: none
DOCUMENTS_SIGNED = "signatures.brought"  # kind of the job owed, about the version, that came with an electronic signature; empty: none
BUNDLE_CHANGED = "cases.notices.feed.bundle_changed"  # told a bundle's id each time it goes on; empty: nobody
BUNDLE_DAYS = env.int("BUNDLE_DAYS", 7)  # how long a bundle is kept once made
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", 100 * 1024 * 1024)
DOCUMENT_MAX_PAGES = env.int("DOCUMENT_MAX_PAGES", 2000)
BODY_SECONDS = env.int("BODY_SECONDS", 60)  # how long the sender of a file may be waited for, altogether,
BODY_BYTES_PER_SECOND = env.int("BODY_BYTES_PER_SECOND", 10_000)  # beside what its bytes take so fast
BODIES_AT_ONCE = env.int("BODIES_AT_ONCE", 4)  # that one person sends, in one process
CHECK_MAX_BYTES = env.int("CHECK_MAX_BYTES", 20_000_000)  # of a file whose signatures anybody has checked, without an account
CHECKS_PER_HOUR = env.int("CHECKS_PER_HOUR", 30)  # such files, from one address
SANDBOX_AT_ONCE = env.int("SANDBOX_AT_ONCE", max(2, os.cpu_count() or 2))  # limited processes on one machine
SANDBOX_LARGE_AT_ONCE = env.int("SANDBOX_LARGE_AT_ONCE", 1)  # of them, those that hold more than 64 MB of file in memory
OCR_MAX_PAGES = env.int("OCR_MAX_PAGES", 20)  # of one file, that are read by eye where tesseract is installed; 0: none
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")  # tcp://host:3310 or unix:/path of ClamAV's daemon; empty: files are not scanned for viruses
CLAMD_MAX_BYTES = env.int("CLAMD_MAX_BYTES", 100 * 1024 * 1024)  # no more than clamd's own StreamMaxLength, MaxFileSize and MaxScanSize
CLAMD_SECONDS = env.float("CLAMD_SECONDS", 180.0)  # for one file, above clamd's MaxScanTime
QUOTA_PERSON_BYTES = env.int("QUOTA_PERSON_BYTES", 100 * 1000**3)  # of all that one person has sent and that is not erased
QUOTA_PERSON_FILES = env.int("QUOTA_PERSON_FILES", 100_000)
QUOTA_UNBOUND_BYTES = env.int("QUOTA_UNBOUND_BYTES", 5 * 1000**3)  # of what one person has sent and put in no case
QUOTA_UNBOUND_FILES = env.int("QUOTA_UNBOUND_FILES", 300)
UNBOUND_DAYS = env.int("UNBOUND_DAYS", 7)  # what is in no case after so many days is erased
QUOTA_CASE_BYTES = env.int("QUOTA_CASE_BYTES", 20 * 1000**3)  # of the files that people put in one case
QUOTA_CASE_FILES = env.int("QUOTA_CASE_FILES", 1000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
REQUEST_MAX_BYTES = 1024 * 1024  # what Django itself takes; files have a door of their own
CORPUS_DIR = Path(env.str("CORPUS_DIR", str(BASE_DIR.parent / "shared" / "corpus")))
EXAMPLES_DIR = Path(env.str("EXAMPLES_DIR", str(BASE_DIR.parent / "shared" / "examples")))

# --- What is owed (backend/work): kind of job → the function that does it
WORK_HANDLERS = {
    "people.notice": "backend.people.notices.send",
    "documents.inspect": "documents.inspection.inspect",
    "documents.assemble": "documents.assembly.assemble",
    "documents.drop-parts": "documents.assembly.drop",
    "documents.clear": "documents.assembly.clear",
    "documents.preview": "documents.previews.make",
    "documents.read": "documents.reading.read",
    "documents.lock": "documents.vault.lock",
    "documents.sweep": "documents.sweeping.work",
    "documents.audit": "documents.audit.work",
    "documents.rewrap": "documents.rotation.work",
    "documents.expire": "documents.vault.erase_left_alone",
    "signatures.apply": "cases.signing.apply",
    "signatures.brought": "signatures.brought.look",
    "signatures.release": "signatures.turns.release",
    "signatures.renew": "signatures.renewal.renew",
    "register.seal": "backend.register.sealing.work",
    "cases.remind-signers": "cases.signing.remind",
    "cases.close-signing": "cases.signing.close",
    "cases.compare-scan": "cases.signing.compare",
    "register.feed": "cases.notices.feed.deliver",
    "register.mail": "cases.notices.mail.deliver",
    "notices.send": "cases.notices.mail.send",
    "notices.digest": "cases.notices.digest.send",
    "notices.round": "cases.notices.reminders.go_round",
    **{f"cases.{made}": f"cases.making.{made}" for made in ("make", "mark", "stamp")},
    "cases.bind": "cases.bundling.make",
    "cases.expire": "cases.bundling.expire",
    "cases.erase": "cases.erasing.erase",
    "cases.set-aside": "cases.infected.note",
}
WORK_GIVEN_UP = {  # kind of job → told of its subject when it is parked, so that nobody is left waiting
    "cases.bind": "cases.bundling.give_up",
    **dict.fromkeys(("documents.assemble", "documents.inspect"), "documents.inspection.give_up"),
    **dict.fromkeys(("documents.preview", "documents.read"), "documents.inspection.leave"),
}
REGISTER_SUBSCRIBERS = ["feed", "mail"]
REGISTER_TIMESTAMP = "signatures.tokens.token_over"  # given a SHA-256 digest, gives a timestamp token (RFC 3161)
REGISTER_TIMESTAMP_CHECK = "signatures.tokens.attested"  # given a token and a digest, says when, by whom and under which root; else Invalid
WORK_MAX_ATTEMPTS = 12  # delays double from 10 s: nearly six hours in all, then parked and shown
WORK_MAX_DEATHS = 3
WORK_LEASE_SECONDS = env.float("WORK_LEASE_SECONDS", 30.0)  # how long the lane of a worker that died stays closed

# --- Celery: the alarm clock of backend/work
CELERY_BROKER_URL = VALKEY_URL
CELERY_TASK_DEFAULT_QUEUE = f"{VALKEY_PREFIX}-work"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **{"visibility_timeout": 3600, "unacked_restore_throttle": 1, "health_check_interval": 15},
    **{"socket_connect_timeout": 2, "socket_timeout": 30, "socket_keepalive": True},
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "backend.work.tasks.sweep", "schedule": env.float("SWEEP_SECONDS", 20.0), "options": {"expires": 300}},
    "daily": {"task": "cases.notices.tasks.daily", "schedule": 3600.0},  # each round knows whether its turn has come
    "vault": {"task": "documents.tasks.nightly", "schedule": 3600.0},
    "signatures": {"task": "signatures.tasks.nightly", "schedule": 3600.0},
    "register": {"task": "backend.register.tasks.seal", "schedule": env.float("REGISTER_SEAL_SECONDS", 300.0), "options": {"expires": 300}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- Mail
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "cases.notices.mailbox.Backend" if DEMO else "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Commun Accord <ne-pas-repondre@example.fr>")

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [f"backend.api.authentication.{by}Authentication" for by in ("Token", "Session")],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.api.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "backend.api.pagination.Cursor",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "backend.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,  # no OPTIONS: the OpenAPI document describes the whole
    "EXCEPTION_HANDLER": "backend.api.problems.handle",
    "DEFAULT_THROTTLE_CLASSES": ["backend.api.throttling.UserRateThrottle", "backend.api.throttling.AnonRateThrottle"],
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_THROTTLE_RATES": {
        "user": env.str("API_USER_RATE", "1200/min"),
        "anon": env.str("API_ANON_RATE", "60/min"),
        "pki": env.str("PKI_RATE", "300/min"),  # certificates, CRLs, OCSP, timestamps
    },
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Commun Accord",
    "DESCRIPTION": "Justice by consent: cases, exhibits, signatures, filings and the court's answers.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "DocumentState": "documents.models.State",
        "DocumentStage": "documents.models.Stage",
        "FilingState": "cases.models.Filing.State",
        "InvitationState": "cases.models.Invitation.State",
        "HearingState": "cases.models.Hearing.State",
        "ChildHearingState": "cases.models.ChildHearing.State",
        "BundleState": "cases.models.Bundle.State",
        "DecisionState": "cases.models.Decision.State",
        "DecisionKind": "cases.models.Decision.Kind",
        "RecourseKind": "cases.models.Recourse.Kind",
        "OrganisationKind": "backend.people.models.Kind",
        "StageState": ["done", "current", "ahead"],
        "Severity": ["blocker", "warning"],
        "SignatureVerdict": ["valid", "uncertain", "invalid"],
        "FileVerdict": ["none", "valid", "uncertain", "invalid"],
    },
}

# --- Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
FORMAT_MODULE_PATH = ["frontend.formats"]

# --- Static files
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"

# --- Look: the State's own marks belong to State sites only
STATE_MARKS = env.bool("STATE_MARKS", False)
if STATE_MARKS and (_dsfr := find_spec("dsfr")):
    _fonts = Path(str(_dsfr.origin)).parent / "static" / "dsfr" / "dist" / "fonts"
    STATICFILES_DIRS = [BASE_DIR / "frontend" / "static_state", ("state/fonts", _fonts)]
SITE_NAME = env.str("SITE_NAME", "Commun Accord")
SOURCE_URL = env.str("SOURCE_URL", "/source/")  # where whoever uses the site gets its source code (AGPL, section 13)
MINISTERIAL_ORDER = env.str("MINISTERIAL_ORDER", "")  # CPC 748-6: what covers our exchanges; empty: nothing, and the pages say so

# --- Law that is practice, or could not be checked against its text
CONTRIBUTION_SINCE = date.fromisoformat(env.str("CONTRIBUTION_SINCE", "2026-03-01"))  # CGI 1635 bis Q
LOW_CONTRIBUTION_SHARE = Decimal(env.str("LOW_CONTRIBUTION_SHARE", "0.03"))  # of the debtor's monthly income, below which a warning shows
CERTIFICATE_MONTHS = env.int("CERTIFICATE_MONTHS", 0)  # certificates older than this are doubtful; 0: as the proceeding declares
OUTAGE_DAYS = frozenset(map(date.fromisoformat, env.list("OUTAGE_DAYS", default=[])))  # nothing could be sent on them (CPC 748-7)
# how long the documents of a case are kept, where it is not as its proceeding declares: "divorced=120,lapsed=60,withdrawn=12", in months
RETENTION_MONTHS = {outcome: int(months) for outcome, months in env.dict("RETENTION_MONTHS", default={}).items()}
ERASURE_NOTICE_DAYS = env.int("ERASURE_NOTICE_DAYS", 30)  # people are told that long before; never erased sooner after being told
INVITATION_DAYS = env.int("INVITATION_DAYS", 15)
INVITATION_REMINDER_DAYS = env.int("INVITATION_REMINDER_DAYS", 5)
SIGNING_DAYS = env.int("SIGNING_DAYS", 30)  # how long a signature stays open, where who opens it does not say until when
SIGNING_REMINDER_DAYS = env.int("SIGNING_REMINDER_DAYS", 7)  # between two reminders to those who have not signed

# --- Calls that leave the house (timestamps, identity providers): hosts of one's own network that are called all the same, by http too
OUTGOING_INSIDE = frozenset(host.lower() for host in env.list("OUTGOING_INSIDE", default=[]))

# --- The web
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", False) else None
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Logs: no token, no personal data but the addresses that sign-ins come from; UTC
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "backend.config.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {name: {"level": "CRITICAL"} for name in ("pyhanko", "pyhanko_certvalidator")},  # they name who signs
}
