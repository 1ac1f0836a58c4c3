"""The server's entry point: Django for pages and API, a door of its own for uploads, sockets for what is live."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from backend.api.body import capped
from cases.api import checking, sockets, tus, uploads

application = ProtocolTypeRouter(
    {
        "http": checking.before(uploads.before(tus.before(capped(django_application, settings.REQUEST_MAX_BYTES)))),
        "websocket": sockets.from_here(URLRouter(sockets.ADDRESSES)),
    }
)
