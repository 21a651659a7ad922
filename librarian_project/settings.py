"""Django's settings: wiring only. Values come from `environment.py`."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import environ

import database_url
import environment
import host_names
import logs
from librarian_project.celery import app as celery_app  # noqa: F401  tasks are sent through it

ENV = environment.stop_on_problem()
BASE_DIR = environment.BASE_DIR
DATA_DIR = ENV.data_dir

DEBUG = ENV.debug
try:
    SECRET_KEY = environment.secret_key(ENV)
except environment.EnvironmentProblem as problem:
    environment.fail(str(problem))
SITE_URL = ENV.site_url
ALLOWED_HOSTS = host_names.AllowedHosts(ENV)
TRUSTED_PROXIES = ENV.trusted_proxies

INSTALLED_APPS = [
    "web",  # first, since its templates go before those of the admin
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "qsessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
    "accounts",
    "cameras",
    "detections",
    "plates",
    "cloud",
    "ingest",
    "rollups",
    "alerts",
]
MIDDLEWARE = [
    "web.request_log.RequestLog",
    "accounts.middleware.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qsessions.middleware.SessionMiddleware",
    "accounts.middleware.LastSeen",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginRequired",
    "accounts.middleware.OwnTimeZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "librarian_project.urls"
WSGI_APPLICATION = "librarian_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

try:
    DATABASES = {"default": database_url.config(ENV.database_url)}
except environment.EnvironmentProblem as problem:
    environment.fail(str(problem))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:login"
PASSWORD_RESET_TIMEOUT = 60 * 60

# A name is locked for the address that guessed wrong, so that one person's slips lock nobody else out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS: list[str] = []  # whose login failed, from where: the log should say it
AXES_ENABLE_ADMIN = False  # accounts/admin.py shows what there is

# Two weeks after the last use. On https the prefix keeps other sites of the same domain from setting the cookies.
SESSION_ENGINE = "qsessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_NAME = "__Host-librarian" if ENV.https else "librarian"
CSRF_COOKIE_NAME = "__Host-csrftoken" if ENV.https else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

# https is what a proxy makes of us, and SITE_URL says that there is one.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = ENV.https
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc or None
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if ENV.https else 0
# What other names below this one do is not ours to say; and without https accounts.W001 says it all in one line.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not ENV.https:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

SECURE_REFERRER_POLICY = "same-origin"
# Browsers ignore this one on http, but for loopback, and complain of it on every page.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if ENV.https or not host_names.network_url(ENV) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{f"{kind}-src": ["'self'"] for kind in ("script", "style", "img", "font", "connect", "media", "manifest")},
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
NOT_NEEDED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in NOT_NEEDED}

MAIL = environ.Env.email_url_config(ENV.email_url or "consolemail://")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST") or "localhost", MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER") or "", MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(MAIL.get("EMAIL_USE_TLS")), bool(MAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
EMAIL_URL = ENV.email_url
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.default_from_email

LANGUAGE_CODE = "en-gb"
TIME_ZONE = ENV.time_zone
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = logs.dict_config(ENV.log_level, ENV.log_format, ENV.time_zone)
