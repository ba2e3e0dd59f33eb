"""The accounts room under /api/v1/."""

from django.urls import path

from accounts import api

urlpatterns = [
    path("accounts/", api.AccountList.as_view()),
    path("tokens/", api.TokenList.as_view()),
    path("tokens/current/", api.CurrentToken.as_view()),
    path("me/", api.Me.as_view()),
]
