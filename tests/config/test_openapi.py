"""The schema at /api/schema/: valid, whole, and saying what errors look like."""

from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from config.openapi import add_problems


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """What programs are told."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_the_schema_is_valid(schema: dict[str, Any]) -> None:
    validate_schema(schema)
    assert operations(schema)


def test_every_operation_says_what_a_refusal_looks_like(schema: dict[str, Any]) -> None:
    reference = {"$ref": "#/components/schemas/Problem"}
    for name, operation in operations(schema).items():
        refusal = operation["responses"]["default"]["content"]
        assert refusal == {"application/problem+json": {"schema": reference}}, name


def test_every_id_is_a_string(schema: dict[str, Any]) -> None:
    for name, component in schema["components"]["schemas"].items():
        for field, described in component.get("properties", {}).items():
            if field == "id" or field.endswith("_id"):
                assert described.get("type") == "string", f"{name}.{field}"


def test_every_page_has_items_and_next(schema: dict[str, Any]) -> None:
    pages = {name: page for name, page in schema["components"]["schemas"].items() if name.endswith("Page")}
    assert pages
    for name, page in pages.items():
        properties = page["properties"]
        assert set(properties) >= {"items", "next"}, name
        assert properties["next"]["nullable"], name
        # What a page tells besides, as how many of what is saved is hidden now, says what it is.
        assert all(properties[more].get("description") for more in set(properties) - {"items", "next"}), name


def test_no_label_of_a_docstring_is_shown(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema).items():
        assert "Raises:" not in operation.get("description", ""), name


def test_labels_are_cut_and_words_are_kept() -> None:
    operation = {
        "description": "One page.\n\nCost: 1 RU,\nat most.\n\nNewest first.\nRaises: NotFound.",
        "responses": {},
    }
    add_problems({"paths": {"/": {"get": operation}}})
    assert operation["description"] == "One page.\n\nNewest first."


def test_the_schema_and_its_page_are_served_to_anybody(client: Client) -> None:
    assert client.get("/api/schema/").status_code == 200
    page = client.get("/api/docs/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script") == html.count("<script src=")
