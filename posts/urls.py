"""Pages of the posts room, and the pictures."""

from django.urls import path, re_path

from posts import (
    comment_views,
    edit_views,
    like_views,
    mute_views,
    repost_views,
    share_views,
    shelf_views,
    standing_views,
    tag_views,
    thread_views,
    views,
)
from posts.drafts import views as draft_views
from posts.media.views import MediumFileView, PhotoFileView, media
from posts.reports import views as report_views
from posts.saves import views as save_views

# One rendition: of which post or medium, the photo's key, its longer side and its format.
_FILE = r"^media/{}/(?P<number>[1-9]\d{{0,18}})/(?P<key>[0-9a-f]{{32}})/(?P<size>[1-9]\d{{0,4}})\.(?P<form>webp|avif)$"

app_name = "posts"
urlpatterns = [
    path("posts/", views.create, name="create"),
    path("posts/deleted/", shelf_views.deleted, name="deleted"),
    path("posts/archive/", shelf_views.archive, name="archive"),
    path("posts/drafts/", draft_views.drafts, name="drafts"),
    path("posts/drafts/save/", draft_views.save, name="draft_save"),
    path("posts/drafts/<id:draft_id>/", draft_views.draft, name="draft"),
    path("posts/drafts/<id:draft_id>/time/", draft_views.time, name="draft_time"),
    path("posts/drafts/<id:draft_id>/cancel/", draft_views.cancel, name="draft_cancel"),
    path("posts/drafts/<id:draft_id>/publish/", draft_views.publish, name="draft_publish"),
    path("posts/drafts/<id:draft_id>/delete/", draft_views.delete, name="draft_delete"),
    path("posts/drafts/<id:draft_id>/restore/", draft_views.restore, name="draft_restore"),
    path("posts/scheduled/", draft_views.scheduled, name="scheduled"),
    path("posts/new/", views.compose, name="compose"),
    path("p/<int:post_id>/", views.post, name="post"),
    path("p/<int:post_id>/photos/", views.photos, name="photos"),
    path("p/<int:post_id>/standing/", standing_views.of_post, name="standing"),
    path("p/<int:post_id>/edit/", edit_views.edit, name="edit"),
    path("p/<int:post_id>/history/", edit_views.history, name="history"),
    path("p/<int:post_id>/restore/", shelf_views.restore, name="restore"),
    path("p/<int:post_id>/archive/", shelf_views.put_away, name="put_away"),
    path("p/<int:post_id>/unarchive/", shelf_views.put_back, name="put_back"),
    path("p/<int:post_id>/pin/", shelf_views.pin, name="pin"),
    path("p/<int:post_id>/unpin/", shelf_views.unpin, name="unpin"),
    path("p/<int:post_id>/delete/", views.delete, name="delete"),
    path("p/<int:post_id>/like/", views.like, name="like"),
    path("p/<int:post_id>/unlike/", views.unlike, name="unlike"),
    path("p/<int:post_id>/likes/", like_views.likers, name="likers"),
    path("saved/", save_views.saved, name="saved"),
    path("saved/collections/", save_views.create, name="collection_create"),
    path("saved/<int:collection_id>/", save_views.collection, name="collection"),
    path("saved/<int:collection_id>/delete/", save_views.delete, name="collection_delete"),
    path("p/<int:post_id>/save/", save_views.save, name="save"),
    path("p/<int:post_id>/unsave/", save_views.unsave, name="unsave"),
    path("p/<int:post_id>/collections/", save_views.choose, name="choose_collections"),
    path("p/<int:post_id>/share/", share_views.share, name="share"),
    path("p/<int:post_id>/embed/", share_views.embed, name="embed"),
    path("oembed/", share_views.oembed, name="oembed"),
    path("p/<int:post_id>/repost/", repost_views.repost, name="repost"),
    path("p/<int:post_id>/unrepost/", repost_views.unrepost, name="unrepost"),
    path("p/<int:post_id>/reposts/", repost_views.reposts, name="reposts"),
    path("p/<int:post_id>/quotes/", repost_views.quotes, name="quotes"),
    path("p/<int:post_id>/mute/", mute_views.mute, name="mute"),
    path("p/<int:post_id>/unmute/", mute_views.unmute, name="unmute"),
    path("p/<int:post_id>/comments/", comment_views.comment, name="comment"),
    path("p/<int:post_id>/comments/<comment:key>/", thread_views.thread, name="thread"),
    path("p/<int:post_id>/comments/<comment:key>/reply/", thread_views.reply, name="reply"),
    path(
        "p/<int:post_id>/comments/<comment:key>/standing/",
        standing_views.of_comment,
        name="comment_standing",
    ),
    path("p/<int:post_id>/comments/<comment:key>/like/", comment_views.like, name="comment_like"),
    path("p/<int:post_id>/comments/<comment:key>/unlike/", comment_views.unlike, name="comment_unlike"),
    path("p/<int:post_id>/comments/<comment:key>/hide/", comment_views.hide, name="comment_hide"),
    path("p/<int:post_id>/comments/<comment:key>/unhide/", comment_views.unhide, name="comment_unhide"),
    path("p/<int:post_id>/comments/<comment:key>/delete/", comment_views.delete, name="comment_delete"),
    path("p/<int:post_id>/report/", report_views.report_post, name="report"),
    path(
        "p/<int:post_id>/comments/<comment:key>/report/", report_views.report_comment, name="report_comment"
    ),
    path("people/<id:user_id>/report/", report_views.report_person, name="report_person"),
    path("reports/<int:report_id>/", report_views.reported, name="reported"),
    path("tags/<str:tag>/", tag_views.tag, name="tag"),
    re_path(_FILE.format("posts"), PhotoFileView.as_view(), name="photo_file"),
    re_path(_FILE.format("unused"), MediumFileView.as_view(), name="medium_file"),
    path("media/<path:name>", media, name="media"),
]
