"""Pages of the posts room, and the pictures."""

from django.urls import path

from posts import tag_views, views
from posts.media import media

app_name = "posts"
urlpatterns = [
    path("posts/", views.create, name="create"),
    path("posts/new/", views.compose, name="compose"),
    path("p/<int:post_id>/", views.post, name="post"),
    path("p/<int:post_id>/delete/", views.delete, name="delete"),
    path("p/<int:post_id>/like/", views.like, name="like"),
    path("p/<int:post_id>/unlike/", views.unlike, name="unlike"),
    path("p/<int:post_id>/comments/", views.comment, name="comment"),
    path("p/<int:post_id>/comments/<int:comment_id>/delete/", views.comment_delete, name="comment_delete"),
    path("tags/<str:tag>/", tag_views.tag, name="tag"),
    path("media/<path:name>", media, name="media"),
]
