"""Users and profiles for moderators. Lists are bounded by their page and never count whole tables."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import avatars, departure_admin, services
from accounts.admin_lists import BoundedPaginator
from accounts.admin_panels import panels_of_user
from accounts.departure_services import account_delete
from accounts.errors import DepartureOver
from accounts.handles import handle_normalised
from accounts.models import ApiToken, Profile, User
from accounts.selectors import CARDS
from config.entities import UserId
from config.hot_keys import link_keys_of
from config.pages import signed_in_id


class ProfileInline(admin.StackedInline):  # type: ignore[type-arg]  # generic only in the stubs
    """The profile on its user's page."""

    model = Profile
    can_delete = False
    fields = ("picture", "name", "bio", "is_private")
    readonly_fields = ("picture",)

    @admin.display(description=_("picture"))
    def picture(self, profile: Profile) -> SafeString:
        """The avatar as others see it."""
        if profile.pk is None:  # the blank row that Django keeps for an inline
            return SafeString("")
        return format_html('<img src="{}" alt="" width="64" height="64">', avatars.urls_of(profile)[64])


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """A user with their profile and, read from DynamoDB, what other rooms know of them."""

    change_form_template = "admin/accounts/user/change_form.html"
    inlines = (ProfileInline,)
    list_display = ("username", "name", "email", "standing", "is_staff", "date_joined")
    list_display_links = ("username",)
    list_filter = (departure_admin.StandingFilter, "trust", "is_staff", "profile__is_private")
    list_select_related = ("profile",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-id",)
    search_fields = ("username",)
    search_help_text = _("The beginning of a handle, a whole e-mail address, or an id.")
    readonly_fields = ("id", "standing", "date_joined", "last_login", "last_seen_on", "archive_state")
    fieldsets = (
        (None, {"fields": ("id", "username", "email", "password")}),
        (_("Access"), {"fields": ("is_active", "trust", "standing", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("date_joined", "last_login", "last_seen_on", "archive_state")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)
    actions = ("switch_off", "switch_on", "delete_later")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With who has left, and how."""
        return departure_admin.with_departures(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Only what an index answers: no search inside of texts."""
        if not search_term:
            return queryset, False
        found = Q(username__startswith=handle_normalised(search_term)) | Q(email=search_term.strip().lower())
        if search_term.isascii() and search_term.isdigit() and len(search_term) < 19:
            found |= Q(pk=int(search_term))
        return queryset.filter(found), False

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        """A user who is being added gets an empty profile by `save_model`, and it is shown from then on."""
        return list(self.inlines) if obj else []

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one user with the panels of other rooms."""
        panels = (
            panels_of_user(UserId(int(object_id))) if object_id.isdigit() and request.method == "GET" else []
        )
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "panels": panels})

    def save_model(
        self, request: HttpRequest, obj: User, form: Any, change: bool
    ) -> None:  # Django's signature
        """A user made here has a profile from the start; one switched here is switched as by the actions."""
        switched, wanted = change and "is_active" in form.changed_data, obj.is_active
        if switched:
            obj.is_active = not wanted
        super().save_model(request, obj, form, change)
        Profile.objects.get_or_create(user=obj)
        if switched:
            self._switch(request, obj, is_active=wanted)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never a row alone: what other rooms keep of the person would be left behind. See `delete_later`."""
        return False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """A profile changed here is told to other rooms as if its owner had changed it."""
        for inline in formset.forms:
            if inline.has_changed() and isinstance(inline.instance, Profile):
                changed = {name: inline.cleaned_data[name] for name in inline.changed_data if name != "user"}
                services.profile_update(user_id=UserId(form.instance.pk), **changed)
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    @admin.display(description=_("name"))
    def name(self, user: User) -> str:
        """The name people go by."""
        return user.profile.name

    @admin.action(description=_("Switch the accounts off: hidden at once, signed out"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For abuse, reversible."""
        for user in queryset.exclude(pk=signed_in_id(request)):
            self._switch(request, user, is_active=False)

    @admin.action(description=_("Switch the accounts on again"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The way back."""
        for user in queryset:
            self._switch(request, user, is_active=True)

    @admin.action(
        description=_("Delete the accounts as their owners may: hidden at once, undone until the date")
    )
    def delete_later(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """With the mail to the owner."""
        for user in queryset.exclude(pk=signed_in_id(request)):
            account_delete(user_id=UserId(user.pk), absolute=request.build_absolute_uri)

    @admin.display(description=_("standing"))
    def standing(self, user: User) -> str:
        """Active, suspended by staff, or gone by their own wish."""
        return departure_admin.standing_of(user)

    def _switch(self, request: HttpRequest, user: User, *, is_active: bool) -> None:
        try:
            services.account_switch(user_id=UserId(user.pk), is_active=is_active)
        except DepartureOver as refusal:
            self.message_user(request, f"{user}: {refusal}", messages.ERROR)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens can be ended here, never made or read."""

    list_display = ("token_key", "label", "user", "created", "expiry")
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-created",)
    search_fields = ("user__username__exact", "token_key__exact")
    fields = readonly_fields = ("token_key", "label", "user", "created", "expiry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only their owners make them."""
        return False


link_keys_of(CARDS.kind.name, lambda user_id: reverse("admin:accounts_user_change", args=[user_id]))
