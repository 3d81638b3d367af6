"""Django settings; every value that differs between machines comes from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from deploy import environment as read
from deploy import logs

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what this process is ---------------------------------------------------------------------------
SERVES = read.read_serves()
SECRET_KEY = read.read_secret_key(SERVES)
ALLOWED_HOSTS = read.read_hosts(SERVES)
DEBUG = read.read_debug(ALLOWED_HOSTS)
PUBLIC_ORIGINS = read.read_origins()
PUBLIC_ORIGIN = PUBLIC_ORIGINS[0] if PUBLIC_ORIGINS else "http://127.0.0.1:8000"
BOARD_FEEDS = read.env.list("CAT_BOARD_FEEDS", default=[])  # sockets of the live boards, for the scorer only
BOARD_ORIGIN = read.env.str("CAT_BOARD_ORIGIN", default="")  # where the boards are, when not behind our own address
KEYRING = read.read_secret_file("CAT_KEYRING", SERVES)
PUBLIC_KEYS = read.env.str("CAT_PUBLIC_KEYS", default="")
METRICS_TOKEN = read.read_metrics_token()
# Where nginx takes encrypted forms from (`manage.py write_bundles`); without it the hall serves them itself.
BUNDLE_ROOT = read.env.str("CAT_BUNDLE_ROOT", default="")
DEMO_LOGINS = read.env.str("CAT_DEMO_LOGINS", default="")
# Which adapter answers who is who (see registration/ports.py); the default asks the table loaded from a file.
POPULATION_REGISTRY = read.env.str("CAT_POPULATION_REGISTRY", default="registration.ports.LocalRegistry")
CASES = read.read_folder("CAT_CASES", BASE_DIR, "../shared/cases")
_SAFE = PUBLIC_ORIGIN.startswith("https://")
_SOCKETS = [f"{'wss' if _SAFE else 'ws'}://{urlsplit(origin).netloc}" for origin in PUBLIC_ORIGINS]

INSTALLED_APPS = [
    "deploy",
    "results",
    "proctoring",
    "cat_exam",
    "questionbank",
    "registration",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "deploy.apps.RoofStaticFiles",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_filters",
    "django_htmx",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "deploy.middleware.QuietRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "deploy.urls"
ASGI_APPLICATION = "deploy.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- data -------------------------------------------------------------------------------------------
DATABASES = {"default": read.read_database(SERVES)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
VALKEY_URL = read.env.str("CAT_VALKEY_URL", default="redis://127.0.0.1:6379/0")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [VALKEY_URL], "prefix": "cat"},
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VALKEY_URL}}
MEDIA_ROOT = read.read_folder("CAT_MEDIA_ROOT", BASE_DIR, ".run/media")
MEDIA_URL = "/berkas/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
for _name, _value in read.read_mail(SERVES).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = read.env.str("CAT_MAIL_FROM", default="CAT Exam <cat-exam@localhost>")

# --- language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- sign-in ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Limits count per account, never per address: a whole test centre shares one address.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "reset_password": "5/m/key",
    "reset_password_from_key": None,
    "signup": None,
}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "CAT Exam"

# --- browser safety ---------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = PUBLIC_ORIGINS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _SAFE
SESSION_COOKIE_SECURE = _SAFE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SAFE else None
SECURE_SSL_REDIRECT = _SAFE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if _SAFE else 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *_SOCKETS],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- static files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = read.env.str("CAT_STATIC_ROOT", default="") or None
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "deploy.static.HashedStorage" if STATIC_ROOT else _PLAIN},
}
# Without a collected folder (tools, tests) the files are served from the rooms themselves.
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- logs -------------------------------------------------------------------------------------------
LOGGING = logs.configure(read.env.str("CAT_LOG_LEVEL", default="INFO"))
