"""Every address of the site. Rooms are named by string: config imports no app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from config import health

api_v1 = [
    path("", include("accounts.api_urls")),
    path("", include("graph.api_urls")),
    path("", include("posts.api_urls")),
    path("", include("feed.api_urls")),
]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_v1)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("accounts.auth_urls")),
    path("", include("accounts.urls")),
    path("", include("graph.urls")),
    path("", include("posts.urls")),
    path("", include("feed.urls")),
]
