"""Django's settings: wiring only. Values come from `environment.py`."""

from __future__ import annotations

import database_url
import environment
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
ALLOWED_HOSTS = list(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [ENV.site_url.rstrip("/")] if ENV.site_url else []

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "accounts",
    "cameras",
    "detections",
    "plates",
    "ingest",
    "web",
]
MIDDLEWARE = [
    "web.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:gallery"
LOGOUT_REDIRECT_URL = "web:login"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.site_url.startswith("https://")

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
