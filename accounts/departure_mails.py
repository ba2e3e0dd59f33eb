"""What a person who leaves for good is told by mail."""

from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.departure_models import Departure
from accounts.models import User


def deletion_tell(user: User, departure: Departure, link: str) -> None:
    """When everything will be deleted, and the way back until then; in the language of who asks.

    Raises: what the mail server's door raises.
    """
    context = {"user": user, "departure": departure, "link": link, "place": urlsplit(link).netloc}
    text = render_to_string("accounts/deletion_mail.txt", context).strip() + "\n"
    EmailMessage(_("Your account at Roost will be deleted"), text, to=[user.email]).send()
