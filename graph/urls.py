"""Pages of the graph room."""

from django.urls import URLPattern

app_name = "graph"
urlpatterns: list[URLPattern] = []
