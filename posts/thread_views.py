"""Threads: replies under a comment, folded on the post's page, and a page of each thread for who has no script."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from config.edge import public_page
from config.entities import PostId
from config.errors import Invalid
from config.pages import signed_in_id, viewer_of, wants_piece
from config.rates import limited
from posts import threads
from posts.comment_address import ref_of
from posts.comment_entities import Comment, CommentCard
from posts.comment_views import made_context
from posts.commenting import closed_reason, open_to
from posts.entities import Post
from posts.errors import CommentsClosed
from posts.forms import CommentForm
from posts.post_page import viewer_card
from posts.thread_selectors import comment_cards, replies_from, replies_of_comment
from posts.visibility import visible_comments, visible_post, visible_thread

REPLIES_A_PAGE = 10


@require_safe
@public_page
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def thread(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """A comment with its replies, from the one that is named on; for htmx the next replies alone."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    named, root = visible_thread(viewer_id, shown, ref_of(post_id, key))
    replies = _replies(request, shown, root, request.GET.get("cursor") or replies_from(named))
    if wants_piece(request):
        return render(request, "posts/_replies.html", replies)
    return _thread_page(request, shown, root, replies, answered=root, form=None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """The form of a reply, and the reply itself."""
    viewer_id = signed_in_id(request)
    shown = visible_post(viewer_id, PostId(post_id))
    named, root = visible_thread(viewer_id, shown, ref_of(post_id, key))
    if request.method == "POST":
        return _reply(request, shown, named, root)
    form = _blank(request, shown, named)
    if wants_piece(request):
        return render(request, "posts/_reply_form.html", _form_context(request, shown, named, form))
    replies = _replies(request, shown, root, replies_from(named))
    return _thread_page(request, shown, root, replies, answered=named, form=form)


@limited("comment")
def _reply(request: HttpRequest, shown: Post, named: Comment, root: Comment) -> HttpResponse:
    form = CommentForm(request.POST, auto_id=f"reply-{named.id}-%s")
    status, closed = 422, ""
    try:
        if form.is_valid():
            made = threads.comment_create(
                author_id=signed_in_id(request),
                post_id=shown.id,
                text=form.cleaned_data["text"],
                reply_to=named.ref,
            )
            return _replied(request, shown, named, made)
    except Invalid as refusal:
        form.refuse(refusal)
    except CommentsClosed as refusal:
        status, closed = 403, str(refusal)
    if wants_piece(request):
        context = _form_context(request, shown, named, form) | {"closed": closed}
        return render(request, "posts/_reply_form.html", context, status=422)
    replies = _replies(request, shown, root, None)
    return _thread_page(request, shown, root, replies, answered=named, form=form, status=status)


def _replied(request: HttpRequest, shown: Post, named: Comment, made: Comment) -> HttpResponse:
    if not wants_piece(request):
        return redirect(f"{reverse('posts:thread', args=[shown.id, made.ref])}#comment-{made.id}")
    context = made_context(request, shown, made) | {"answered": named, "root_id": made.root_id}
    return render(request, "posts/_replied.html", context)


def _replies(request: HttpRequest, shown: Post, root: Comment, cursor: str | None) -> dict[str, Any]:
    viewer_id = viewer_of(request)
    page = replies_of_comment(root, cursor=cursor, limit=REPLIES_A_PAGE)
    address = reverse("posts:thread", args=[shown.id, root.ref])
    return {
        "cards": comment_cards(viewer_id, shown, visible_comments(viewer_id, shown, page.items)),
        "root_id": root.id,
        "next_url": f"{address}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        "first_url": address if cursor else "",
        "can_comment": bool(open_to(viewer_id, [shown])),
    }


def _thread_page(
    request: HttpRequest,
    shown: Post,
    root: Comment,
    replies: dict[str, Any],
    *,
    answered: Comment,
    form: CommentForm | None,
    status: int = 200,
) -> HttpResponse:
    viewer_id = viewer_of(request)
    begin: list[CommentCard] = comment_cards(viewer_id, shown, [root])
    context = {
        "begin": begin[0] if begin else None,
        "replies": replies,
        "can_comment": replies["can_comment"],
        **_form_context(request, shown, answered, form or _blank(request, shown, answered)),
        "closed": closed_reason(viewer_id, shown, is_open=replies["can_comment"]),
    }
    return render(request, "posts/thread.html", context, status=status)


def _form_context(request: HttpRequest, shown: Post, answered: Comment, form: CommentForm) -> dict[str, Any]:
    return {
        "post_id": shown.id,
        "answered": answered,
        "form": form,
        "viewer": viewer_card(request),
        "closed": "",
    }


def _blank(request: HttpRequest, shown: Post, answered: Comment) -> CommentForm:
    """With whom it answers named, unless that is oneself or gone."""
    viewer_id = viewer_of(request)
    cards = comment_cards(viewer_id, shown, [answered])
    author = cards[0].author if cards else None
    named = f"@{author.handle} " if author and author.id != viewer_id else ""
    return CommentForm(initial={"text": named}, auto_id=f"reply-{answered.id}-%s")
