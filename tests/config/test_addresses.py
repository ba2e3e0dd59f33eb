"""`{% url %}` says what Django's own says, however often it is asked and from wherever."""

import pytest
from django.template import Context, Engine, engines
from django.template.backends.django import DjangoTemplates
from django.urls import NoReverseMatch, set_script_prefix

ANSWERS = [
    ("{% url 'posts:post' 7 %}", "/p/7/"),
    ("{% url 'feed:profile' handle %}", "/@a&amp;b/"),
    ("{% url 'feed:profile' handle as it %}[{{ it }}]", "[/@a&amp;b/]"),
    ("{% autoescape off %}{% url 'feed:profile' handle %}{% endautoescape %}", "/@a&b/"),
    ("{% url 'no:such' 7 as it %}[{{ it }}]", "[]"),
]


@pytest.fixture
def engine() -> Engine:
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)
    return backend.engine


@pytest.mark.parametrize(("said", "address"), ANSWERS)
def test_an_address_is_the_same_the_second_time(engine: Engine, said: str, address: str) -> None:
    template = engine.from_string(said)
    assert [template.render(Context({"handle": "a&b"})) for _time in range(2)] == [address] * 2


def test_another_prefix_is_another_address_and_what_there_is_not_raises(engine: Engine) -> None:
    template = engine.from_string("{% url 'posts:post' post_id=post %}")
    assert template.render(Context({"post": 7})) == "/p/7/"
    set_script_prefix("/roost/")
    try:
        assert template.render(Context({"post": 7})) == "/roost/p/7/"
    finally:
        set_script_prefix("/")
    with pytest.raises(NoReverseMatch):
        template.render(Context({"post": "seven"}))
