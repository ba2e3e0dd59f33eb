"""Accounts as JSON. `ProfileSerializer` is also how other rooms show who wrote, follows or likes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.entities import ProfileCard
from accounts.models import BIO_MAX_LENGTH, NAME_MAX_LENGTH, User
from config.drf import IdField


class ProfileSerializer(serializers.Serializer[ProfileCard]):
    """One person as everybody sees them."""

    id = IdField(read_only=True)
    handle = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    bio = serializers.CharField(read_only=True)
    avatar_url = serializers.CharField(read_only=True, help_text="A square picture, relative to this site.")
    is_private = serializers.BooleanField(read_only=True)


class MeSerializer(ProfileSerializer):
    """Oneself: the profile and what only its owner sees."""

    email = serializers.SerializerMethodField()
    language = serializers.CharField(read_only=True, help_text="Of new posts, as BCP 47; empty if not said.")

    @extend_schema_field(serializers.EmailField())
    def get_email(self, _card: ProfileCard) -> str:
        """The address of the signed-in user, handed in as `context["user"]`."""
        user: User = self.context["user"]
        return user.email


class AccountCreateSerializer(serializers.Serializer[Any]):
    """A new account. What its values may be is decided by `services.account_create`."""

    handle = serializers.CharField(
        max_length=100, trim_whitespace=True, help_text="2 to 30 of a-z, 0-9, dots and underscores."
    )
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    name = serializers.CharField(max_length=NAME_MAX_LENGTH, required=False, allow_blank=True, default="")


class ProfileUpdateSerializer(serializers.Serializer[Any]):
    """Changes to oneself; what is not sent stays. Pictures come as multipart/form-data."""

    name = serializers.CharField(max_length=NAME_MAX_LENGTH, required=False, allow_blank=True)
    bio = serializers.CharField(max_length=BIO_MAX_LENGTH, required=False, allow_blank=True)
    is_private = serializers.BooleanField(required=False)
    language = serializers.CharField(
        required=False, allow_blank=True, help_text="What you write in, as BCP 47 (en, pt-BR, zh-Hans)."
    )
    avatar = serializers.FileField(required=False, help_text="JPEG, PNG, WebP, AVIF or GIF, up to 10 MB.")
    remove_avatar = serializers.BooleanField(required=False)


class TokenCreateSerializer(serializers.Serializer[Any]):
    """Sign-in of a program."""

    login = serializers.CharField(max_length=254, help_text="The handle or the e-mail address.")
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    # Named so that it does not hide `Field.label`.
    name = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text=_("What the token is for.")
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A new token. Send it as `Authorization: Token <token>`; it can't be read again."""

    token = serializers.CharField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    profile = ProfileSerializer(read_only=True)
