"""The feed room under /api/v1/."""

from django.urls import path

from feed import api, suggestion_api
from feed.notifications import api as notification_api

urlpatterns = [
    path("feed/home/", api.Home.as_view(), name="api_feed_home"),
    path("feed/home/new/", api.NewPosts.as_view(), name="api_feed_new"),
    path("notifications/", notification_api.Notifications.as_view(), name="api_notifications"),
    path("notifications/unread/", notification_api.Unread.as_view(), name="api_notifications_unread"),
    path("notifications/read/", notification_api.Read.as_view(), name="api_notifications_read"),
    path("notifications/settings/", notification_api.Settings.as_view(), name="api_notification_settings"),
    path("suggestions/", suggestion_api.Suggestions.as_view(), name="api_suggestions"),
    path("suggestions/<id:user_id>/", suggestion_api.SuggestionOf.as_view(), name="api_suggestion"),
]
