"""Pages of the feed room."""

from django.urls import path

from feed import suggestion_views, views

app_name = "feed"
urlpatterns = [
    path("", views.home, name="home"),
    path("home/new/", views.new_posts, name="new"),
    path("home/suggestions/", suggestion_views.beside_home, name="beside_home"),
    path("suggestions/", suggestion_views.suggestions, name="suggestions"),
    path("suggestions/<id:user_id>/dismiss/", suggestion_views.dismiss, name="suggestion_dismiss"),
    path("suggestions/<id:user_id>/restore/", suggestion_views.restore, name="suggestion_restore"),
    path("@<str:handle>/", views.profile, name="profile"),
]
