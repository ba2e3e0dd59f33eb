"""The share sheet, the embed that other sites show in a frame, and oEmbed, by which they ask for it."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from config.edge import public_page
from config.entities import PostId
from config.pages import return_path, signed_in_id, signed_in_post, viewer_of, wants_piece
from config.problems import problem_response
from config.rates import limited
from posts import selectors, sharing
from posts.entities import PostCard
from posts.errors import PostNotFound
from posts.forms import OEmbedForm
from posts.visibility import visible_post

MINUTE = 60
_PAGES = ("posts:post", "posts:embed")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def share(request: HttpRequest, post_id: int) -> HttpResponseBase:
    """The sheet; and, once it has been used, the count."""
    return _count(request, post_id) if request.method == "POST" else _sheet(request, PostId(post_id))


@signed_in_post
@limited("like")
def _count(request: HttpRequest, post_id: int) -> HttpResponse:
    sharing.post_share(user_id=signed_in_id(request), post_id=PostId(post_id))
    if wants_piece(request):
        return HttpResponse(status=204)
    return redirect(return_path(request, fallback=reverse("posts:share", args=[post_id])))


def _sheet(request: HttpRequest, post_id: PostId) -> HttpResponse:
    viewer_id = viewer_of(request)
    shown = visible_post(viewer_id, post_id)
    card = selectors.post_cards(viewer_id, [shown])[0]
    context = {
        "card": card,
        "post": shown,
        "link": request.build_absolute_uri(reverse("posts:post", args=[shown.id])),
        "embed_code": _frame(request, card, sharing.embed_size(card)) if sharing.is_public(shown) else "",
    }
    return render(request, "posts/_share.html" if wants_piece(request) else "posts/share.html", context)


def framable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Anybody may show it in a frame: it has no form, no script, and nothing of whoever looks."""

    @xframe_options_exempt
    @csp_replace({"frame-ancestors": ["*"], "script-src": ["'none'"], "form-action": ["'none'"]})
    @wraps(view)
    def framed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return framed


@require_safe
@framable
@public_page
def embed(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post for a frame on another site, as an anonymous visitor sees it, whoever is signed in."""
    try:
        card = sharing.public_card(PostId(post_id))
    except PostNotFound:
        return render(request, "posts/embed_gone.html", status=404)
    return render(request, "posts/embed.html", {"card": card, "post": card.post})


@require_safe
@public_page
def oembed(request: HttpRequest) -> HttpResponse:
    """What a site needs to embed a post whose address it has. Source: oembed.com, version 1.0, type "rich"."""
    form = OEmbedForm(request.GET)
    if not form.is_valid():
        detail = _("Send the address of a post as url, and format json if any.")
        return problem_response(request, status=422, detail=detail)
    if form.cleaned_data["format"] == "xml":
        return problem_response(request, status=501, detail=_("Only JSON is spoken here."))
    try:
        card = sharing.public_card(_post_at(request, form.cleaned_data["url"]))
    except PostNotFound as gone:
        return problem_response(request, status=404, detail=str(gone), code=gone.code)
    size = sharing.embed_size(
        card, max_width=form.cleaned_data["maxwidth"], max_height=form.cleaned_data["maxheight"]
    )
    author = reverse("feed:profile", args=[card.author.handle])
    body = {
        "version": "1.0",
        "type": "rich",
        "title": _("A post by %(name)s") % {"name": card.author.display_name},
        "author_name": card.author.display_name,
        "author_url": request.build_absolute_uri(author),
        "provider_name": _("Roost"),
        "provider_url": request.build_absolute_uri("/"),
        "cache_age": MINUTE,
        "html": _frame(request, card, size),
        "width": size.width,
        "height": size.height,
    }
    return JsonResponse(body, headers={"Access-Control-Allow-Origin": "*"})


def share_addresses(request: HttpRequest, card: PostCard) -> dict[str, object] | None:
    """What the head of a post's page tells other sites; None unless everybody may see the post. Cost: none."""
    if not sharing.is_public(card.post):
        return None
    link = request.build_absolute_uri(reverse("posts:post", args=[card.post.id]))
    picture = sharing.public_picture(card)
    return {
        "link": link,
        "oembed": request.build_absolute_uri(f"{reverse('posts:oembed')}?{urlencode({'url': link})}"),
        "picture": picture,
        "picture_url": request.build_absolute_uri(picture.url) if picture else "",
    }


def _post_at(request: HttpRequest, url: str) -> PostId:
    """Raises: PostNotFound for an address that is no post's, or another site's."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.netloc != request.get_host():
            raise PostNotFound
        match = resolve(parts.path)
    except (ValueError, Resolver404) as unknown:
        raise PostNotFound from unknown
    if match.view_name not in _PAGES:
        raise PostNotFound
    return PostId(match.kwargs["post_id"])


def _frame(request: HttpRequest, card: PostCard, size: sharing.EmbedSize) -> str:
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" frameborder="0"></iframe>',
        request.build_absolute_uri(reverse("posts:embed", args=[card.post.id])),
        size.width,
        size.height,
        _("A post by %(name)s") % {"name": card.author.display_name},
    )
