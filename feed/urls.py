"""Pages of the feed room."""

from django.urls import path

from feed import views

app_name = "feed"
urlpatterns = [
    path("", views.home, name="home"),
    path("home/new/", views.new_posts, name="new"),
    path("@<str:handle>/", views.profile, name="profile"),
]
