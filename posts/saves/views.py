"""Pages of what somebody keeps, and the forms that save, let go, and put into collections. For the owner alone."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from config.entities import PostId, UserId
from config.errors import Conflict, Invalid
from config.pages import return_path, signed_in_id, signed_in_post, wants_piece
from config.rates import limited
from posts.saves import selectors, services
from posts.saves.entities import Collection, CollectionId
from posts.saves.errors import CollectionNotFound
from posts.saves.forms import ChoiceForm, NameForm
from posts.selectors import post_cards, shown_id
from posts.visibility import visible_post


@signed_in_post
@limited("mark")
def save(request: HttpRequest, post_id: int) -> HttpResponse:
    """Keep a post."""
    services.post_save(user_id=signed_in_id(request), post_id=PostId(post_id))
    return _button(request, shown_id(PostId(post_id)), saved=True)


@signed_in_post
@limited("mark")
def unsave(request: HttpRequest, post_id: int) -> HttpResponse:
    """Let go of it."""
    target_id = shown_id(PostId(post_id))
    services.post_unsave(user_id=signed_in_id(request), post_id=target_id)
    return _button(request, target_id, saved=False)


def _button(request: HttpRequest, post_id: PostId, *, saved: bool) -> HttpResponse:
    next_url = return_path(request, fallback=reverse("posts:saved"))
    if wants_piece(request):
        context = {"post_id": post_id, "saved": saved, "next_url": next_url, "is_answer": True}
        return render(request, "posts/saves/_save.html", context)
    messages.success(request, _("Saved.") if saved else _("Not saved any more."))
    return redirect(next_url)


@login_required
@never_cache
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """All that is saved, under the collections."""
    user_id = signed_in_id(request)
    if request.GET.get("cursor") and wants_piece(request):
        return _list(request, user_id, None, {})
    cards = selectors.collection_cards(user_id, selectors.collections_of(user_id))
    return _list(request, user_id, None, {"collections": cards, "form": NameForm()})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: HttpRequest, collection_id: int) -> HttpResponse:
    """What is in a collection; and its new name."""
    user_id = signed_in_id(request)
    found = selectors.collection_by_id(user_id, CollectionId(collection_id))
    if request.method == "POST":
        return _rename(request, found)
    return _list(request, user_id, found, {"form": NameForm(initial={"name": found.name})})


@limited("mark")
def _rename(request: HttpRequest, found: Collection) -> HttpResponse:
    form = NameForm(request.POST)
    try:
        if form.is_valid():
            name = form.cleaned_data["name"]
            services.collection_rename(user_id=found.user_id, collection_id=found.id, name=name)
            messages.success(request, _("The collection has another name now."))
            return redirect("posts:collection", found.id)
    except Invalid as refusal:
        form.refuse(refusal)
    return _list(request, found.user_id, found, {"form": form}, status=422)


@signed_in_post
@limited("mark")
def create(request: HttpRequest) -> HttpResponse:
    """Make a collection."""
    user_id, form = signed_in_id(request), NameForm(request.POST)
    try:
        if form.is_valid():
            made = services.collection_create(user_id=user_id, name=form.cleaned_data["name"])
            return redirect("posts:collection", made.id)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
    cards = selectors.collection_cards(user_id, selectors.collections_of(user_id))
    return _list(request, user_id, None, {"collections": cards, "form": form}, status=422)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, collection_id: int) -> HttpResponse:
    """Ask, then delete a collection."""
    user_id = signed_in_id(request)
    if request.method == "POST":
        services.collection_delete(user_id=user_id, collection_id=CollectionId(collection_id))
        messages.success(request, _("The collection is deleted. Its posts are still saved."))
        return redirect("posts:saved")
    found = selectors.collection_by_id(user_id, CollectionId(collection_id))
    question = {
        "question": _("Delete the collection “%(name)s”?") % {"name": found.name},
        "text": _("Its posts stay saved. This can't be undone."),
        "back_url": reverse("posts:collection", args=[found.id]),
    }
    return render(request, "posts/confirm.html", question)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, post_id: int) -> HttpResponse:
    """In which collections a post is; with a field for a new one."""
    user_id = signed_in_id(request)
    shown = visible_post(user_id, PostId(post_id))
    mine = selectors.collections_of(user_id)
    if request.method == "POST":
        return _put(request, shown.id, ChoiceForm(mine, request.POST))
    chosen = [str(it) for it in selectors.collections_with(user_id, shown.id)]
    return _choice(request, shown.id, ChoiceForm(mine, initial={"chosen": chosen}))


@limited("mark")
def _put(request: HttpRequest, post_id: PostId, form: ChoiceForm) -> HttpResponse:
    user_id = signed_in_id(request)
    try:
        if form.is_valid():
            chosen, name = form.collection_ids, form.cleaned_data["name"].strip()
            if name:
                chosen.append(services.collection_create(user_id=user_id, name=name).id)
            services.collections_set(user_id=user_id, post_id=post_id, collection_ids=chosen)
            messages.success(request, _("Saved."))
            return redirect(return_path(request, fallback=reverse("posts:post", args=[post_id])))
    except (Invalid, Conflict, CollectionNotFound) as refusal:
        form.refuse(refusal)
    return _choice(request, post_id, form, status=422)


def _choice(request: HttpRequest, post_id: PostId, form: ChoiceForm, status: int = 200) -> HttpResponse:
    user_id = signed_in_id(request)
    cards = post_cards(user_id, [visible_post(user_id, post_id)])
    return render(request, "posts/saves/choose.html", {"form": form, "card": cards[0]}, status=status)


def _list(
    request: HttpRequest,
    user_id: UserId,
    shown_in: Collection | None,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    cursor = request.GET.get("cursor") or None
    page = selectors.saved_page(user_id, collection_id=shown_in.id if shown_in else None, cursor=cursor)
    is_list = request.GET.get("view") == "list"
    kept = {"view": "list"} if is_list else {}
    query = urlencode(kept | {"cursor": page.next_cursor}) if page.next_cursor else ""
    context |= {
        "cards": post_cards(user_id, page.posts),
        "hidden": page.hidden,
        "more_url": f"{request.path}?{query}" if query else "",
        "is_list": is_list,
        "collection": shown_in,
    }
    piece = bool(cursor) and wants_piece(request)
    return render(
        request, "posts/saves/_saved.html" if piece else "posts/saves/saved.html", context, status=status
    )
