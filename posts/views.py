"""Pages of posts. Every action is a plain form; htmx asks for the piece that changed instead of the next page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from config.edge import public_page
from config.entities import PostId
from config.errors import Conflict, Invalid
from config.pages import return_path, signed_in_id, signed_in_post, viewer_of, wants_piece
from config.rates import limited
from posts import selectors, services
from posts.commenting import open_to
from posts.detail_fields import NAMES as DETAILS
from posts.drafts.composing import beside_of
from posts.entities import Post
from posts.errors import NotShareable, NotYours, PostNotFound
from posts.forms import CommentForm, PostForm, QuoteForm
from posts.media.choosing import media_unused
from posts.media.errors import MediumNotFound, TooManyUploads
from posts.post_page import comments_context, post_page
from posts.reposting import shareable_post
from posts.visibility import visible_post, visible_posts

UNQUOTABLE = (PostNotFound, NotShareable)


@require_safe
@public_page
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post with its comments; with a cursor and htmx, the next comments alone. A repost leads to what it repeats."""
    shown = visible_post(viewer_of(request), PostId(post_id))
    if shown.id != post_id:
        return redirect("posts:post", shown.id)
    cursor = request.GET.get("cursor") or None
    context = comments_context(request, shown, cursor)
    if cursor and wants_piece(request):
        context["can_comment"] = bool(open_to(viewer_of(request), [shown]))
        return render(request, "posts/_comments.html", context)
    return post_page(request, shown, context, CommentForm())


@require_safe
@cache_control(private=True)
@vary_on_headers("HX-Request", "Cookie")
def photos(request: HttpRequest, post_id: int) -> HttpResponse:
    """The post's photos alone, for a page that shows them blurred; nothing as long as some are being made."""
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, PostId(post_id))
    if not wants_piece(request):
        return redirect("posts:post", post_id)
    card = selectors.post_cards(viewer_id, [shown])[0]
    return (
        HttpResponse(status=204) if card.is_waiting else render(request, "posts/_photos.html", {"card": card})
    )


@login_required
@require_safe
def compose(request: HttpRequest) -> HttpResponse:
    """The composer as a page of its own; with a post to quote, if one is named."""
    author_id = signed_in_id(request)
    query = QuoteForm(request.GET)
    quote = query.cleaned_data["quote"] if query.is_valid() else None
    quoted = shareable_post(author_id, PostId(quote)) if quote else None
    form = PostForm.blank_for(author_id, quoting=quoted)
    return render(request, "posts/compose.html", {"form": form})


@signed_in_post
@limited("post")
def create(request: HttpRequest) -> HttpResponse:
    """Publish; for htmx a fresh composer with the new card, or the same composer with what was refused."""
    form = PostForm(request.POST, request.FILES)
    published = _publish(request, form)
    template = "posts/_created.html" if wants_piece(request) else "posts/compose.html"
    if published is None:
        form.keep(media_unused(signed_in_id(request), form.kept_ids))
        form.show_quoted(_quoted_again(request, form))
        return render(request, template, {"form": form}, status=422)
    if not wants_piece(request):
        messages.success(request, published.moderation.said_of_new)
        return redirect(return_path(request, fallback=reverse("posts:post", args=[published.id])))
    cards = selectors.post_cards(published.author_id, visible_posts(published.author_id, [published]))
    return render(request, template, {"form": PostForm.blank_for(published.author_id), "card": cards[0]})


def _publish(request: HttpRequest, form: PostForm) -> Post | None:
    if not form.is_valid():
        return None
    content = {name: form.cleaned_data[name] for name in ("text", "audience", *DETAILS)}
    try:
        return services.post_create(
            author_id=signed_in_id(request),
            photos=form.photos,
            quote_of=form.quote_of,
            idempotency_key=form.idempotency_key,
            beside=beside_of(signed_in_id(request), form.shown_draft),
            **content,
        )
    except (Invalid, Conflict, MediumNotFound, TooManyUploads, *UNQUOTABLE) as refusal:
        form.refuse(refusal)
        return None


def _quoted_again(request: HttpRequest, form: PostForm) -> Post | None:
    """What a refused quote was of, as long as it is there."""
    if form.quote_of is None:
        return None
    try:
        return shareable_post(signed_in_id(request), form.quote_of)
    except UNQUOTABLE:
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, post_id: int) -> HttpResponse:
    """Ask, then delete."""
    viewer_id = signed_in_id(request)
    if request.method == "POST":
        services.post_delete(user_id=viewer_id, post_id=PostId(post_id))
        undo_url = reverse("posts:restore", args=[post_id])
        messages.success(request, _("Your post is deleted."), extra_tags=undo_url)
        return redirect("/")
    shown = visible_post(viewer_id, PostId(post_id))
    if shown.author_id != viewer_id:
        raise NotYours
    question = {
        "question": _("Delete this post?"),
        "text": _(
            "It is hidden at once. For 30 days you can bring it back; then it is gone, with likes and comments."
        ),
        "quote": shown.text,
        "back_url": reverse("posts:post", args=[post_id]),
    }
    return render(request, "posts/confirm.html", question)


@signed_in_post
@limited("like")
def like(request: HttpRequest, post_id: int) -> HttpResponse:
    """Like."""
    shard = services.like_create(user_id=signed_in_id(request), post_id=PostId(post_id))
    return _like_answer(request, PostId(post_id), shard, liked=True)


@signed_in_post
def unlike(request: HttpRequest, post_id: int) -> HttpResponse:
    """Take the like back."""
    target_id = selectors.shown_id(PostId(post_id))
    shard = services.like_delete(user_id=signed_in_id(request), post_id=target_id)
    return _like_answer(request, PostId(post_id), shard, liked=False)


def _like_answer(request: HttpRequest, post_id: PostId, shard: int | None, *, liked: bool) -> HttpResponse:
    shown = visible_post(signed_in_id(request), post_id)
    page = reverse("posts:post", args=[shown.id])
    if not wants_piece(request):
        return redirect(return_path(request, fallback=page))
    counts = selectors.post_counts(shown.id, shard=shard)
    context = {"post_id": shown.id, "liked": liked, "like_count": counts.likes}
    return render(request, "posts/_like.html", context | {"next_url": return_path(request, fallback=page)})
