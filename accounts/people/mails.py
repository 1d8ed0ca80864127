"""The mail that brings an invitation, in the language of the site."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import ProjectInvitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: ProjectInvitation, address: str) -> bool:
    """Mail the link of the invitation, whole as *address*; False where no mail server took it."""
    context = {"invitation": invitation, "address": address}
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string("accounts/mail/invitation_subject.txt", context)
        text = render_to_string("accounts/mail/invitation.txt", context)
    try:
        send_mail(" ".join(subject.split()), text, None, [invitation.email])
    except (SMTPException, OSError) as error:
        logger.warning("an invitation could not be mailed: %s", type(error).__name__)
        return False
    return True
