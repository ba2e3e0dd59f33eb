"""Where a post or comment stands, alone: a page that says that it is being checked asks until it has been."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.entities import PostId
from config.pages import viewer_of, wants_piece
from posts.comment_address import ref_of
from posts.errors import CommentNotFound, PostNotFound
from posts.standing import Moderation, Standing
from posts.visibility import visible_post, visible_thread


@require_safe
@never_cache
def of_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """What became of a post, for its author."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    if shown.author_id != viewer_id:
        raise PostNotFound
    return _answer(request, shown.moderation, page=reverse("posts:post", args=[shown.id]))


@require_safe
@never_cache
def of_comment(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """What became of a comment or reply, for its author."""
    viewer_id = viewer_of(request)
    found, _root = visible_thread(viewer_id, visible_post(viewer_id, PostId(post_id)), ref_of(post_id, key))
    if found.author_id != viewer_id:
        raise CommentNotFound
    page = reverse("posts:thread", args=[found.post_id, found.ref])
    return _answer(request, found.moderation, page=f"{page}#comment-{found.id}")


def _answer(request: HttpRequest, moderation: Moderation, *, page: str) -> HttpResponse:
    """Nothing as long as it waits; then what its author is told, which for what is simply shown is an empty piece."""
    if not wants_piece(request):
        return redirect(page)
    if moderation.standing is Standing.WAITING:
        return HttpResponse(status=204)
    return render(request, "posts/_standing.html", {"moderation": moderation})
