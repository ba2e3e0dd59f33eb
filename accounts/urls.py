"""Pages of the accounts room."""

from django.urls import path

from accounts import departure_views, export_views, views

app_name = "accounts"
urlpatterns = [
    path("settings/", views.profile_settings, name="settings"),
    path("settings/account/", views.account_settings, name="account_settings"),
    path("settings/tokens/", views.token_settings, name="token_settings"),
    path("settings/tokens/<id:public_id>/delete/", views.token_revoke, name="token_revoke"),
    path("settings/data/", export_views.exports, name="exports"),
    path("settings/data/ask/", export_views.export_ask, name="export_ask"),
    path("settings/data/<id:export_id>/retry/", export_views.export_retry, name="export_retry"),
    path("settings/data/<id:export_id>/delete/", export_views.export_delete, name="export_delete"),
    path("settings/data/<id:export_id>/download/", export_views.export_download, name="export_download"),
    path("settings/leave/", departure_views.leave, name="leave"),
    path("settings/leave/deactivate/", departure_views.deactivate, name="deactivate"),
    path("settings/leave/delete/", departure_views.delete, name="delete"),
    path("left/", departure_views.left, name="left"),
    path("departed/", departure_views.departed, name="departed"),
    path("departed/restore/", departure_views.restore, name="restore"),
    path("restore/<str:key>/", departure_views.restore_by_link, name="restore_by_link"),
    path("theme/", views.theme, name="theme"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("avatars/<int:hue>/<str:letters>.svg", views.drawn_avatar, name="drawn_avatar"),
]
