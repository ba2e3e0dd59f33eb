"""Every address of the site. Rooms are named by string: config imports no app."""

from django.contrib import admin
from django.urls import include, path, register_converter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import engines_admin, health, letters_admin
from config.converters import IdConverter
from config.edge import public_page

# Before the rooms' addresses below, which use it.
register_converter(IdConverter, "id")

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
    path("admin/dead-letters/", admin.site.admin_view(letters_admin.dead_letters), name="dead_letters"),
    path("admin/hot-keys/", admin.site.admin_view(engines_admin.hot_keys), name="hot_keys"),
    path("admin/health/", admin.site.admin_view(engines_admin.health), name="health"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_v1)),
    path("api/schema/", public_page(SpectacularAPIView.as_view()), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("", include("accounts.auth_urls")),
    path("", include("accounts.urls")),
    path("", include("graph.urls")),
    path("", include("posts.urls")),
    path("", include("feed.urls")),
]

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.forbidden"
handler404 = "config.error_pages.not_found"
handler429 = "config.error_pages.too_fast"  # allauth's
handler500 = "config.error_pages.server_error"
