"""The posts room under /api/v1/."""

from django.urls import path

from posts import api, like_api, repost_api, share_api, shelf_api, tag_api, thread_api
from posts.drafts import api as drafts_api
from posts.media import api as media_api
from posts.media import tus
from posts.reports.api import ReportsView
from posts.saves import api as save_api

urlpatterns = [
    path("posts/", api.PostsView.as_view()),
    path("posts/<int:post_id>/", api.PostView.as_view()),
    path("posts/<int:post_id>/restore/", shelf_api.PostRestoreView.as_view()),
    path("posts/<int:post_id>/archive/", shelf_api.PostArchiveView.as_view()),
    path("posts/<int:post_id>/pin/", shelf_api.PostPinView.as_view()),
    path("me/deleted-posts/", shelf_api.DeletedPostsView.as_view()),
    path("me/archived-posts/", shelf_api.ArchivedPostsView.as_view()),
    path("users/<int:user_id>/pinned/", shelf_api.PinnedPostsView.as_view()),
    path("posts/<int:post_id>/versions/", api.PostVersionsView.as_view()),
    path("posts/<int:post_id>/like/", api.PostLikeView.as_view()),
    path("posts/<int:post_id>/likes/", like_api.LikersView.as_view()),
    path("posts/<int:post_id>/share/", share_api.PostShareView.as_view()),
    path("posts/<int:post_id>/save/", save_api.PostSaveView.as_view()),
    path("me/saved/", save_api.SavedView.as_view()),
    path("me/collections/", save_api.CollectionsView.as_view()),
    path("me/collections/<int:collection_id>/", save_api.CollectionView.as_view()),
    path("me/collections/<int:collection_id>/posts/<int:post_id>/", save_api.CollectionPostView.as_view()),
    path("posts/<int:post_id>/repost/", repost_api.PostRepostView.as_view()),
    path("posts/<int:post_id>/reposts/", repost_api.PostRepostsView.as_view()),
    path("posts/<int:post_id>/quotes/", repost_api.PostQuotesView.as_view()),
    path("posts/<int:post_id>/comments/", thread_api.CommentsView.as_view()),
    path("drafts/", drafts_api.DraftsView.as_view(), name="drafts_api"),
    path("drafts/<id:draft_id>/", drafts_api.DraftView.as_view()),
    path("drafts/<id:draft_id>/restore/", drafts_api.DraftRestoreView.as_view()),
    path("drafts/<id:draft_id>/publish/", drafts_api.DraftPublishView.as_view()),
    path("media/", media_api.MediaView.as_view()),
    path("media/<id:medium_id>/", media_api.MediumView.as_view()),
    path("media/direct/", media_api.DirectUploadsView.as_view()),
    path("media/direct/<id:medium_id>/", media_api.DirectUploadView.as_view()),
    path("media/uploads/", tus.UploadsView.as_view(), name="media_upload_begin"),
    path("media/uploads/<id:medium_id>/", tus.UploadView.as_view(), name="media_upload"),
    path("comments/<int:post_id>/<comment:key>/", thread_api.CommentView.as_view()),
    path("comments/<int:post_id>/<comment:key>/replies/", thread_api.RepliesView.as_view()),
    path("comments/<int:post_id>/<comment:key>/like/", thread_api.CommentLikeView.as_view()),
    path("posts/<int:post_id>/mute/", thread_api.PostMuteView.as_view()),
    path("comments/<int:post_id>/<comment:key>/hidden/", thread_api.CommentHiddenView.as_view()),
    path("reports/", ReportsView.as_view()),
    path("tags/<str:tag>/posts/", tag_api.TagPostsView.as_view()),
    path("users/<int:user_id>/posts/", api.AuthorPostsView.as_view()),
]
