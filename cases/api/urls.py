"""The API's addresses: one class per path."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
