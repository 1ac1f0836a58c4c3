"""The settings of what signs, of what is trusted, and of how people show who they are. Part of `settings.py`."""

from pathlib import Path

from backend.config.environment import PRODUCTION, VAR_DIR, env, secret

# --- Keys: the register's seal, the embedded certificate and timestamp authorities
KEYS_DIR = Path(env.str("KEYS_DIR", str(VAR_DIR / "keys")))
KEYS_PASSPHRASE = secret("KEYS_PASSPHRASE", "development-only-passphrase-of-the-keys")
SIGNATURE_LEVEL = env.str("SIGNATURE_LEVEL", "B-LTA")  # of PAdES (EN 319 142-1): B-B, B-T, B-LT or B-LTA
TIMESTAMP_RENEWED_DAYS = env.int("TIMESTAMP_RENEWED_DAYS", 180)  # how long before its last timestamp expires a signed document gets another
TSA_URLS = env.list("TSA_URLS", default=[])  # timestamp authorities, asked in this order; `embedded` is our own; none: our own only
TSA_SECONDS = env.float("TSA_SECONDS", 5.0)  # how long one of them is waited for
TSA_POLICY = env.str(
    "TSA_POLICY", "2.25.116067546083452797257189348872316568345"
)  # what our own answers under; by default: nobody audits it
TIMESTAMPS_PKCS11 = env.str("TIMESTAMPS_PKCS11", "")  # our own one's key in a hardware module: a PKCS #11 URI (RFC 7512)
TIMESTAMPS_PKCS11_PIN = env.str("TIMESTAMPS_PKCS11_PIN", "")
SIGNATURE_PKCS12 = env.str("SIGNATURE_PKCS12", "")  # file of a certification authority for signers; empty: the embedded one
SIGNATURE_PKCS12_PASSPHRASE = env.str("SIGNATURE_PKCS12_PASSPHRASE", "")
SIGNATURE_PKCS11 = env.str("SIGNATURE_PKCS11", "")  # the same in a hardware module: a PKCS #11 URI (RFC 7512)
SIGNATURE_PKCS11_PIN = env.str("SIGNATURE_PKCS11_PIN", "")
SEAL_PKCS12 = env.str("SEAL_PKCS12", "")  # file of the platform's seal; empty: the embedded one
SEAL_PKCS12_PASSPHRASE = env.str("SEAL_PKCS12_PASSPHRASE", "")
SEAL_PKCS11 = env.str("SEAL_PKCS11", "")  # the same in a hardware module
SEAL_PKCS11_PIN = env.str("SEAL_PKCS11_PIN", "")
SEAL_CSC_URL = env.str("SEAL_CSC_URL", "")  # the same at a remote signing service (Cloud Signature Consortium, version 2)
SEAL_CSC_CREDENTIAL = env.str("SEAL_CSC_CREDENTIAL", "")
SEAL_CSC_CLIENT = env.str("SEAL_CSC_CLIENT", "")
SEAL_CSC_SECRET = env.str("SEAL_CSC_SECRET", "")
SEAL_CSC_PIN = env.str("SEAL_CSC_PIN", "")
SIGNERS_CSC_URL = env.str("SIGNERS_CSC_URL", "")  # where people may sign with a certificate of their own; empty: it is offered nowhere
SIGNERS_CSC_OAUTH_URL = env.str("SIGNERS_CSC_OAUTH_URL", "")  # what stands before its oauth2/, where that is not the same
SIGNERS_CSC_NAME = env.str("SIGNERS_CSC_NAME", "")  # what people call it
SIGNERS_CSC_CLIENT = env.str("SIGNERS_CSC_CLIENT", "")
SIGNERS_CSC_SECRET = env.str("SIGNERS_CSC_SECRET", "")
OCSP_SECONDS = env.int("OCSP_SECONDS", 3600)  # how long an answer about a certificate of ours may be relied on
CRL_SECONDS = env.int("CRL_SECONDS", 86400)  # the same of a list of those revoked
TRUSTED_ROOTS = env.str("TRUSTED_ROOTS", "")  # PEM file of further roots under which signatures are trusted
TRUSTED_LISTS = env.list("TRUSTED_LISTS", default=[])  # XML files of EU trusted lists (ETSI TS 119 612)
TRUSTED_LISTS_SIGNERS = env.str("TRUSTED_LISTS_SIGNERS", "")  # PEM file of the certificates under which those lists are signed

# --- People and sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "backend.people.adapter.AccountAdapter"
USERSESSIONS_ADAPTER = "backend.people.adapter.SessionsAdapter"
PEOPLE_CHANGED = "cases.notices.feed.person_changed"  # told a user's id when what they may do has changed; empty: nobody
PEOPLE_BORN = "cases.models.people.born"  # given a user's id, when they were born as their cases say; empty: nobody knows
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"login": "backend.people.sign_in.SignInForm"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",  # pages of sign-in asked for: a whole court may have one address, and must not be closed by one of its machines
    "login_failed": "10/m/ip,5/5m/key",  # passwords tried on an address by whoever is not known there
    "password_known": "5/5m/key,30/d/key",  # by a browser that the account knows, or in an open session
    "confirm_email": "1/10s/key",
    "factor": "5/5m/key,30/d/key",  # codes and passkeys tried on an account; a success forgives them
    "factor_from": "30/5m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "backend.people.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # asking and answering are one each; a whole court may have one address
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "backend.people.second_factor.CodeForm",
    "authenticate_webauthn": "backend.people.second_factor.PasskeyForm",
    "login_webauthn": "backend.people.second_factor.PasskeySignInForm",
}
ADMINISTRATORS_NEED = env.int(
    "ADMINISTRATORS_NEED", 3
)  # to change anything under /admin/: 2 a code by mail, 3 an app or a passkey, 4 a passkey
PEOPLE_OWES = "backend.work.owing.owe_one"  # given the kind and the subject of what is owed
PEOPLE_SAFETY_PAGE = "/mon-compte/securite/"  # where a mail about an account's safety leads
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or address is told by mail
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600  # absolute
SESSION_IDLE_SECONDS = 2 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
STRENGTH_SECONDS = 5 * 60  # how long a confirmation of oneself stands

# --- Identity providers (OpenID Connect): each is shown where its issuer is given
SOCIALACCOUNT_ADAPTER = "backend.people.federation.adapter.IdentityAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "backend.people.federation.ceremony.Federated"}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False  # an address is no identity
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_LOGIN_ON_GET = False
FEDERATION = {
    "franceconnect": {
        "name": env.str("FRANCECONNECT_NAME", "FranceConnect"),
        "issuer": env.str("FRANCECONNECT_ISSUER", ""),
        "client_id": env.str("FRANCECONNECT_CLIENT_ID", ""),
        "secret": env.str("FRANCECONNECT_CLIENT_SECRET", ""),
        "scope": env.str("FRANCECONNECT_SCOPE", "openid given_name family_name preferred_username birthdate birthplace email").split(),
        "acr": env.list("FRANCECONNECT_ACR", default=["eidas1"]),  # asked for signing in
        "strong_acr": env.list("FRANCECONNECT_STRONG_ACR", default=["eidas2"]),  # for a binding act; empty: none is confirmed there
        "about": env.str("FRANCECONNECT_ABOUT", "https://franceconnect.gouv.fr/"),
    },
    "proconnect": {
        "name": env.str("PROCONNECT_NAME", "ProConnect"),
        "issuer": env.str("PROCONNECT_ISSUER", ""),
        "client_id": env.str("PROCONNECT_CLIENT_ID", ""),
        "secret": env.str("PROCONNECT_CLIENT_SECRET", ""),
        "scope": env.str("PROCONNECT_SCOPE", "openid given_name usual_name email").split(),
        "acr": env.list("PROCONNECT_ACR", default=["eidas1"]),
        "strong_acr": env.list("PROCONNECT_STRONG_ACR", default=["eidas2", "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"]),
        "about": env.str("PROCONNECT_ABOUT", "https://www.proconnect.gouv.fr/"),
        "bar_claim": env.str("PROCONNECT_BAR_CLAIM", ""),  # what says a lawyer's bar, where it does
        "bar_number_claim": env.str("PROCONNECT_BAR_NUMBER_CLAIM", ""),
    },
}
FEDERATION = {slug: provider for slug, provider in FEDERATION.items() if provider["issuer"]}
LAWYERS_VERIFIED = env.bool("LAWYERS_VERIFIED", PRODUCTION)  # whether a lawyer whose enrolment nobody verified may neither sign nor file
FEDERATION_RETURN, FEDERATION_LEAVE = (
    "identity-returned",
    "identity-leaving",
)  # the pages to which a provider sends people back, and by which one signs out there
