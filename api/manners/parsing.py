"""Bodies in JSON by the standard, as files and forms are read as well."""

import json
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from api.manners.problem import Problem
from evaluations.text.storable import RepeatedName, StrictDecoder, each_once


class StrictJSON(BaseParser):
    """JSON that a database can hold: finite numbers, no NUL, each name once, of a bearable size."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, context: Any = None) -> Any:
        most = settings.API_LARGEST_BODY
        content = stream.read(most + 1)
        if len(content) > most:
            words = f"The body has more than {most // 2**20} MB: send it in parts."
            raise Problem("too_large", words, http=413)
        try:
            return json.loads(
                content.decode("utf-8"), cls=StrictDecoder, object_pairs_hook=each_once
            )
        except RepeatedName as error:
            raise ParseError(f"The body has the entry {str(error)!r} twice.") from None
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8 (byte {error.start}).") from None
        except json.JSONDecodeError as error:
            words = f"The body is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
            raise ParseError(words) from None
