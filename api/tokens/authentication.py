"""Who asks: the owner of the token that a request carries."""

import math
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.models import User
from api.models import Token
from api.tokens.tokens import spend, token_of

WORD = b"bearer"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer vck_...``; counts the request on the token's rate."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        word, _, secret = get_authorization_header(request).partition(b" ")
        if word.lower() != WORD:
            return None
        token = token_of(secret.strip().decode("latin-1"))
        if token is None:
            raise AuthenticationFailed("This token is unknown, revoked or has expired.")
        if seconds := spend(token):
            raise Throttled(math.ceil(seconds), "This token has used up its requests a minute.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class TokenInSchema(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
