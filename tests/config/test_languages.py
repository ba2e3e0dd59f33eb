"""Language tags: what is one, how it is written, what is offered."""

import pytest

from config.languages import InvalidLanguage, language_choices, language_tag


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        (" EN ", "en"),
        ("PT-br", "pt-BR"),
        ("zh_hans", "zh-Hans"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("sl-Rozaj", "sl-rozaj"),
        ("yue", "yue"),
    ],
)
def test_a_tag_is_kept_as_it_is_usually_written(sent: str, kept: str) -> None:
    assert language_tag(sent) == kept
    assert language_tag(kept) == kept


@pytest.mark.parametrize(
    "sent", ["e", "english", 'en"onload', "en-", "-en", "en-US-x-y", "ру", "en US", "en-" + "a1234567-" * 5]
)
def test_what_is_no_tag_is_refused(sent: str) -> None:
    with pytest.raises(InvalidLanguage):
        language_tag(sent)


def test_languages_are_offered_by_their_own_names() -> None:
    offered = dict(language_choices())
    assert offered["ru"] == "Русский"
    assert offered["pt-BR"] == "Português Brasileiro"
    assert next(iter(offered)) == ""
    assert "yue" not in offered
    assert dict(language_choices(chosen="yue"))["yue"] == "yue"
