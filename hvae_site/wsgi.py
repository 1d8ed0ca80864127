"""The WSGI entry point."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
application = get_wsgi_application()


def _refuse_unmigrated() -> None:
    from accounts.migrated import NotMigratedError, require_migrated  # once the apps are there

    try:
        require_migrated()
    except NotMigratedError as error:
        sys.exit(f"The site does not start. {error}")
    except OperationalError:
        pass  # a database that is away for a moment is another matter: pages say so


_refuse_unmigrated()
