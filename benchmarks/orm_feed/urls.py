"""The feed both ways."""

from django.urls import path

from benchmarks.orm_feed.views import Home

urlpatterns = [path("push/", Home.as_view()), path("pull/", Home.as_view(way="pull"))]
