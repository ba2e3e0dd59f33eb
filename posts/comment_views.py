"""Comments as forms: write one, delete one, hide one. Plain forms; htmx asks for the piece that changed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.entities import PostId
from config.errors import Invalid
from config.pages import return_path, signed_in_id, signed_in_post, wants_piece
from config.rates import limited
from posts import selectors, threads
from posts.comment_address import ref_of
from posts.comment_entities import Comment, CommentRef
from posts.commenting import open_to
from posts.entities import Post
from posts.errors import CommentNotFound, CommentsClosed, NotYours
from posts.forms import CommentForm
from posts.post_page import comments_context, post_page, viewer_card
from posts.thread_selectors import comment_card, comment_cards
from posts.visibility import visible_post, visible_thread


@signed_in_post
@limited("comment")
def comment(request: HttpRequest, post_id: int) -> HttpResponse:
    """Comment; for htmx a fresh form with the new comment, or the same form with what was refused."""
    viewer_id = signed_in_id(request)
    shown = visible_post(viewer_id, PostId(post_id))
    form = CommentForm(request.POST)
    closed = ""
    try:
        if form.is_valid():
            made = threads.comment_create(
                author_id=viewer_id, post_id=shown.id, text=form.cleaned_data["text"]
            )
            return _made(request, shown, made)
    except Invalid as refusal:
        form.refuse(refusal)
    except CommentsClosed as refusal:
        closed = str(refusal)
    if wants_piece(request):
        context = {"post_id": shown.id, "form": form, "viewer": viewer_card(request), "closed": closed}
        return render(request, "posts/_comment_form.html", context, status=422)
    comments = comments_context(request, shown, None)
    return post_page(request, shown, comments, form, status=403 if closed else 422)


def _made(request: HttpRequest, shown: Post, made: Comment) -> HttpResponse:
    if not wants_piece(request):
        return redirect(f"{reverse('posts:post', args=[shown.id])}#comment-{made.id}")
    context = {"form": CommentForm(), "viewer": viewer_card(request)}
    return render(request, "posts/_commented.html", context | made_context(request, shown, made))


def made_context(request: HttpRequest, shown: Post, made: Comment) -> dict[str, Any]:
    """What the answer to a new comment or reply shows of it.

    Cost: `post_counts` and `comment_cards`.
    """
    return {
        "post_id": shown.id,
        "comment_count": selectors.post_counts(shown.id).comments,
        "cards": comment_cards(signed_in_id(request), shown, [made]),
        "can_comment": True,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Ask, then delete a comment."""
    viewer_id, ref = signed_in_id(request), ref_of(post_id, key)
    page = reverse("posts:post", args=[post_id])
    if request.method == "POST":
        threads.comment_delete(user_id=viewer_id, ref=ref)
        messages.success(request, _("The comment is deleted."))
        return redirect(page)
    shown = visible_post(viewer_id, ref.post_id)
    found, _root = visible_thread(viewer_id, shown, ref)
    if found.gone:
        raise CommentNotFound
    if viewer_id not in {found.author_id, shown.author_id}:
        raise NotYours
    question = {
        "question": _("Delete this comment?"),
        "text": _("This can't be undone. Replies to it stay."),
        "quote": found.text,
    }
    return render(request, "posts/confirm.html", question | {"back_url": page})


@signed_in_post
@limited("mark")
def hide(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Hide a comment from all but its author and oneself."""
    threads.comment_hide(user_id=signed_in_id(request), ref=ref_of(post_id, key), hidden=True)
    return _changed(request, post_id, key)


@signed_in_post
@limited("mark")
def unhide(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Show it to everyone again."""
    threads.comment_hide(user_id=signed_in_id(request), ref=ref_of(post_id, key), hidden=False)
    return _changed(request, post_id, key)


@signed_in_post
@limited("like")
def like(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Like a comment."""
    threads.comment_like(user_id=signed_in_id(request), ref=ref_of(post_id, key))
    return _like_answer(request, post_id, key, liked=True)


@signed_in_post
def unlike(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Take the like back."""
    ref = ref_of(selectors.shown_id(PostId(post_id)), key)
    threads.comment_unlike(user_id=signed_in_id(request), ref=ref)
    return _like_answer(request, post_id, key, liked=False)


def _like_answer(request: HttpRequest, post_id: int, key: str, *, liked: bool) -> HttpResponse:
    viewer_id, ref = signed_in_id(request), ref_of(post_id, key)
    found, _root = visible_thread(viewer_id, visible_post(viewer_id, ref.post_id), ref)
    if not wants_piece(request):
        return _back_to(request, ref)
    return render(request, "posts/_comment_like.html", {"comment": found, "liked": liked})


def _back_to(request: HttpRequest, ref: CommentRef) -> HttpResponse:
    is_reply = ref.root_id is not None
    page = (
        reverse("posts:thread", args=[ref.post_id, ref])
        if is_reply
        else reverse("posts:post", args=[ref.post_id])
    )
    return redirect(f"{return_path(request, fallback=page)}#comment-{ref.id}")


def _changed(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """The comment as it is now, or the page that shows it."""
    viewer_id, ref = signed_in_id(request), ref_of(post_id, key)
    if not wants_piece(request):
        return _back_to(request, ref)
    shown = visible_post(viewer_id, ref.post_id)
    found, _root = visible_thread(viewer_id, shown, ref)
    context = {
        "card": comment_card(viewer_id, shown, found),
        "can_comment": bool(open_to(viewer_id, [shown])),
    }
    return render(request, "posts/_comment.html", context)
