"""The accounts room under /api/v1/."""

from django.urls import path

from accounts import api, departure_api, export_api

urlpatterns = [
    path("accounts/", api.AccountList.as_view()),
    path("tokens/", api.TokenList.as_view()),
    path("tokens/current/", api.CurrentToken.as_view()),
    path("me/", api.Me.as_view()),
    path("me/deactivate/", departure_api.AccountDeactivate.as_view()),
    path("me/delete/", departure_api.AccountDelete.as_view()),
    path("account/restore/", departure_api.AccountRestore.as_view(), name="api_account_restore"),
    path("me/exports/", export_api.ExportList.as_view()),
    path("me/exports/<id:export_id>/", export_api.ExportDetail.as_view()),
    path("me/exports/<id:export_id>/retry/", export_api.ExportRetry.as_view()),
    path(
        "me/exports/<id:export_id>/download/", export_api.ExportDownload.as_view(), name="api_export_download"
    ),
]
