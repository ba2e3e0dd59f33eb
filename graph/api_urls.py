"""The graph room under /api/v1/."""

from django.urls import path

from graph import api

urlpatterns = [
    path("follows/<id:user_id>/", api.Follow.as_view(), name="api-follow"),
    path("users/<id:user_id>/followers/", api.Followers.as_view(), name="api-followers"),
    path("users/<id:user_id>/following/", api.Following.as_view(), name="api-following"),
    path("users/<id:user_id>/counts/", api.CountsOf.as_view(), name="api-counts"),
    path("follow-requests/", api.RequestsIn.as_view(), name="api-follow-requests"),
    path("follow-requests/sent/", api.RequestsOut.as_view(), name="api-follow-requests-sent"),
    path("follow-requests/sent/<id:user_id>/", api.RequestOut.as_view(), name="api-follow-request-sent"),
    path("follow-requests/<id:user_id>/", api.RequestIn.as_view(), name="api-follow-request"),
    path("follow-requests/<id:user_id>/approval/", api.RequestApproval.as_view(), name="api-follow-approval"),
]
