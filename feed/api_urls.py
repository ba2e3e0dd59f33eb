"""The feed room under /api/v1/."""

from django.urls import path

from feed import api, suggestion_api

urlpatterns = [
    path("feed/home/", api.Home.as_view(), name="api_feed_home"),
    path("feed/home/new/", api.NewPosts.as_view(), name="api_feed_new"),
    path("suggestions/", suggestion_api.Suggestions.as_view(), name="api_suggestions"),
    path("suggestions/<id:user_id>/", suggestion_api.SuggestionOf.as_view(), name="api_suggestion"),
]
