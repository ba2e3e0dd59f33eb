"""The graph room under /api/v1/."""

from django.urls import path

from graph import api, follow_api, mark_api

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
    path("profiles/<str:handle>/", mark_api.ProfileDetail.as_view()),
    path("follow-requests/approval/", mark_api.ApprovalOfAll.as_view(), name="api-approve-all"),
    path("follows/<id:user_id>/settings/", follow_api.FollowSettingsOf.as_view(), name="api-follow-settings"),
    path("followers/<id:user_id>/", follow_api.Follower.as_view(), name="api-follower"),
    path("users/<id:user_id>/known-followers/", follow_api.KnownFollowers.as_view(), name="api-known"),
    path("blocks/", mark_api.Blocks.as_view(), name="api-blocks"),
    path("blocks/<id:user_id>/", mark_api.Block.as_view(), name="api-block"),
    path("mutes/", mark_api.Mutes.as_view(), name="api-mutes"),
    path("mutes/<id:user_id>/", mark_api.Mute.as_view(), name="api-mute"),
    path("close-friends/", mark_api.CloseFriends.as_view(), name="api-close-friends"),
    path("close-friends/<id:user_id>/", mark_api.CloseFriend.as_view(), name="api-close-friend"),
]
