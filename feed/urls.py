"""Pages of the feed room."""

from django.urls import path

from feed import suggestion_views, views
from feed.notifications import live_views
from feed.notifications import views as notification_views

app_name = "feed"
urlpatterns = [
    path("", views.home, name="home"),
    path("home/new/", views.new_posts, name="new"),
    path("home/suggestions/", suggestion_views.beside_home, name="beside_home"),
    path("suggestions/", suggestion_views.suggestions, name="suggestions"),
    path("suggestions/<id:user_id>/dismiss/", suggestion_views.dismiss, name="suggestion_dismiss"),
    path("suggestions/<id:user_id>/restore/", suggestion_views.restore, name="suggestion_restore"),
    path("notifications/", notification_views.notifications, name="notifications"),
    path("notifications/bell/", notification_views.bell, name="bell"),
    path("notifications/read/", notification_views.read, name="notifications_read"),
    path("settings/notifications/", notification_views.settings, name="notification_settings"),
    path("settings/notifications/save/", notification_views.settings_save, name="notification_settings_save"),
    path("live/", live_views.live, name="live"),
    path("@<str:handle>/", views.profile, name="profile"),
]
