"""The feed room under /api/v1/."""

from django.urls import path

from feed import api

urlpatterns = [
    path("feed/home/", api.Home.as_view(), name="api_feed_home"),
    path("feed/home/new/", api.NewPosts.as_view(), name="api_feed_new"),
]
