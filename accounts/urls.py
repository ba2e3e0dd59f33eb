"""Pages of the accounts room."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/", views.profile_settings, name="settings"),
    path("settings/account/", views.account_settings, name="account_settings"),
    path("settings/tokens/", views.token_settings, name="token_settings"),
    path("settings/tokens/<id:public_id>/delete/", views.token_revoke, name="token_revoke"),
    path("theme/", views.theme, name="theme"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("avatars/<int:hue>/<str:letters>.svg", views.drawn_avatar, name="drawn_avatar"),
]
