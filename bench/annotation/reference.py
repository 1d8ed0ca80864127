"""The fixed reference: a bare Django view that does one insert, with nothing around it.

Machines drift and differ; the ratio of judging to this does so much less. It stands on its own,
settings, address and view, so that no change to the site moves it.
Serve it with ``DJANGO_SETTINGS_MODULE=bench.annotation.reference``.
"""

from typing import Any

import dj_database_url
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from hvae_site import environment

SECRET_KEY = "a reference keeps no secret"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
DATABASE: dict[str, Any] = {**dj_database_url.parse(environment.text("DATABASE_URL"))}
DATABASE["CONN_MAX_AGE"] = None
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
DATABASES = {"default": DATABASE}

TABLE = "create table bench_reference (said varchar(80) not null, said_at timestamp not null)"
INSERT = "insert into bench_reference (said, said_at) values (%s, current_timestamp)"


def insert(request: HttpRequest) -> HttpResponse:
    """Store one word of the form and say so."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [request.POST["said"]])
    return HttpResponse("stored", headers={"Content-Length": "6"})


urlpatterns = [path("", insert)]
