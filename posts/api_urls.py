"""The posts room under /api/v1/."""

from django.urls import path

from posts import api, tag_api

urlpatterns = [
    path("posts/", api.PostsView.as_view()),
    path("posts/<int:post_id>/", api.PostView.as_view()),
    path("posts/<int:post_id>/like/", api.PostLikeView.as_view()),
    path("posts/<int:post_id>/comments/", api.CommentsView.as_view()),
    path("comments/<int:post_id>/<int:comment_id>/", api.CommentView.as_view()),
    path("tags/<str:tag>/posts/", tag_api.TagPostsView.as_view()),
    path("users/<int:user_id>/posts/", api.AuthorPostsView.as_view()),
]
