"""What a request is once its sender is known."""

from django.http import HttpRequest

from accounts.models import User


class SignedIn(HttpRequest):
    """A request of somebody with an account."""

    user: User
