"""Pages of the graph room."""

from django.urls import path

from graph import archive_views, follow_views, mark_views, views

app_name = "graph"
urlpatterns = [
    path("@<str:handle>/followers/", views.followers, name="followers"),
    path("@<str:handle>/following/", views.following, name="following"),
    path("follows/requests/", views.requests_in, name="requests"),
    path("follows/requests/sent/", views.requests_out, name="requests_sent"),
    path("follows/requests/approval/", views.approval, name="approval"),
    path("follows/requests/approval/all/", views.approve_all, name="approve_all"),
    path("follows/requests/<id:user_id>/approve/", views.approve, name="request_approve"),
    path("follows/requests/<id:user_id>/decline/", views.decline, name="request_decline"),
    path("follows/<id:user_id>/", views.follow, name="follow"),
    path("follows/<id:user_id>/delete/", views.unfollow, name="unfollow"),
    path("follows/<id:user_id>/cancel/", views.cancel, name="request_cancel"),
    path("follows/<id:user_id>/counts/", views.counts, name="counts"),
    path("follows/<id:user_id>/settings/", follow_views.settings, name="follow_settings"),
    path("followers/<id:user_id>/remove/", follow_views.remove_follower, name="follower_remove"),
    path("followers/<id:user_id>/restore/", follow_views.restore_follower, name="follower_restore"),
    path("@<str:handle>/fetching/", archive_views.fetching, name="fetching"),
    path("@<str:handle>/known/", follow_views.known, name="known"),
    path("blocks/", mark_views.blocked, name="blocked"),
    path("blocks/<id:user_id>/", mark_views.block, name="block"),
    path("blocks/<id:user_id>/delete/", mark_views.unblock, name="unblock"),
    path("mutes/", mark_views.muted, name="muted"),
    path("mutes/<id:user_id>/", mark_views.mute, name="mute"),
    path("mutes/<id:user_id>/delete/", mark_views.unmute, name="unmute"),
    path("close-friends/", mark_views.close, name="close_friends"),
    path("close-friends/<id:user_id>/", mark_views.close_add, name="close_friend_add"),
    path("close-friends/<id:user_id>/delete/", mark_views.close_remove, name="close_friend_remove"),
]
