"""From the stream to where a post stands: waiting, shown, covered, held, rejected; edits, late results, failures."""

from collections.abc import Callable
from typing import Any

import pytest
from celery.exceptions import Retry

from accounts.models import User
from config.entities import UserId
from posts.editing import post_edit, versions_seen
from posts.entities import Post
from posts.errors import PostNotFound
from posts.moderation.content import Content
from posts.moderation.models import Case
from posts.moderation.repository import get_scan
from posts.moderation.scanners import Finding
from posts.moderation.scanning import ScanIncomplete, post_scan
from posts.moderation.tasks import TRIES, scan_post
from posts.selectors import post_by_id
from posts.standing import Standing
from posts.thread_selectors import comments_by_ref, comments_of_post
from posts.visibility import visible_comments, visible_post
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post
from tests.posts.moderation import scripted
from tests.posts.moderation.conftest import a_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
Settle = Callable[[], None]


def is_seen(by: User | None, post: Post) -> bool:
    try:
        visible_post(UserId(by.pk) if by else None, post.id)
    except PostNotFound:
        return False
    return True


def stands(post: Post) -> tuple[Standing, str]:
    found = post_by_id(post.id).moderation
    return found.standing, found.reason


def edited(post: Post, text: str) -> Post:
    return post_edit(user_id=post.author_id, post_id=post.id, version=post_by_id(post.id).version, text=text)


def test_a_newcomers_post_is_seen_by_others_once_it_has_been_scanned(settle: Settle, newcomer: User) -> None:
    reader = a_user()
    post = a_post(by=newcomer)
    assert stands(post) == (Standing.WAITING, "")
    assert (is_seen(newcomer, post), is_seen(reader, post), is_seen(None, post)) == (True, False, False)
    settle()
    assert stands(post) == (Standing.SHOWN, "")
    assert is_seen(reader, post)
    assert is_seen(None, post)
    results = get_scan(post.id)
    assert results is not None
    assert (results["version"], results["outcome"], results["failed"]) == (1, "shown", [])
    assert set(results["scanners"]) == {"rules", "text", "image"}
    assert not Case.objects.exists()


@pytest.mark.parametrize(("trust", "waits"), [("limited", True), ("trusted", False), ("", False)])
def test_whose_posts_wait_is_a_moderators_to_say(settings: Any, trust: str, waits: bool) -> None:
    ana = a_user()
    ana.trust = trust
    ana.save()
    settings.NEW_ACCOUNT_HOURS = 24 if trust == "trusted" else 0
    with_posts = a_post(by=ana)
    assert (stands(with_posts)[0] is Standing.WAITING) is waits
    comment = a_comment(by=ana, on=with_posts)
    assert (comment.moderation.standing is Standing.WAITING) is waits


def test_what_is_brought_in_from_elsewhere_neither_waits_nor_is_scanned(
    settle: Settle, newcomer: User
) -> None:
    a_rule("pier", "rejected")
    post = a_post(by=newcomer, at_ms=1_700_000_000_000)
    settle()
    assert stands(post) == (Standing.SHOWN, "")
    assert get_scan(post.id) is None


@pytest.mark.usefixtures("rules_only")
@pytest.mark.parametrize("outcome", ["covered", "held", "rejected"])
def test_each_outcome_for_author_and_reader(settle: Settle, outcome: str) -> None:
    ana, reader = a_user(), a_user()
    rule = a_rule("pier", outcome, reason="No piers.")
    post = a_post(by=ana)
    assert is_seen(reader, post), "an account that is trusted is shown at once"
    settle()
    assert stands(post) == (Standing(outcome), "No piers.")
    assert is_seen(reader, post) is (outcome == "covered")
    assert is_seen(ana, post)
    assert post_by_id(post.id).cover == ("No piers." if outcome == "covered" else "")
    case = Case.objects.get(thing_id=post.id)
    assert (case.state, case.outcome, case.version) == ("open", outcome, 1)
    assert case.findings == [{"scanner": "rules", "rule": str(rule.pk), "outcome": outcome, "score": None}]


@pytest.mark.usefixtures("rules_only")
def test_the_worst_outcome_wins(settle: Settle) -> None:
    a_rule("low", "covered", reason="Low.")
    a_rule("tide", "rejected", reason="Tide.")
    a_rule("pier", "held", reason="Pier.")
    post = a_post(by=a_user())
    settle()
    assert stands(post) == (Standing.REJECTED, "Tide.")
    results = get_scan(post.id)
    assert results is not None
    assert len(results["findings"]) == 3


@pytest.mark.usefixtures("rules_only")
def test_what_was_rejected_is_edited_and_scanned_again(settle: Settle) -> None:
    ana, reader = a_user(), a_user()
    a_rule("pier", "rejected")
    post = a_post(by=ana)
    settle()
    assert not is_seen(reader, post)
    edited(post, "Low tide at the old jetty.")
    assert stands(post)[0] is Standing.WAITING, "not shown before it was scanned, whoever its author is"
    settle()
    assert stands(post) == (Standing.SHOWN, "")
    assert is_seen(reader, post)
    assert Case.objects.get(thing_id=post.id).state == "passed"
    assert versions_seen(UserId(reader.pk), post_by_id(post.id)) == [], (
        "what was rejected is no history to others"
    )
    assert len(versions_seen(UserId(ana.pk), post_by_id(post.id))) == 1
    edited(post, "The pier again.")
    settle()
    assert stands(post)[0] is Standing.REJECTED
    assert Case.objects.get(thing_id=post.id).state == "open"


def test_an_edit_during_the_scan_is_what_counts(settings: Any) -> None:
    settings.SCANNERS = [scripted.PATH]
    post = a_post(by=a_user())
    seen: list[str] = []

    def edits_meanwhile(content: Content) -> list[Finding]:
        seen.append(content.texts[0])
        edited(post, "Quite another text.")
        return [Finding("scripted", "first", Standing.REJECTED, "Of the version before.")]

    def passes(content: Content) -> list[Finding]:
        seen.append(content.texts[0])
        return []

    scripted.during += [edits_meanwhile, passes]
    post_scan(post_id=post.id)
    assert seen == ["Low tide at the old pier.", "Quite another text."]
    assert stands(post) == (Standing.SHOWN, "")
    results = get_scan(post.id)
    assert results is not None
    assert (results["version"], results["outcome"]) == (2, "shown")
    assert not Case.objects.exists()


def test_a_late_pass_does_not_open_what_a_later_scan_held(settings: Any, newcomer: User) -> None:
    settings.SCANNERS = [scripted.PATH]
    post = a_post(by=newcomer)

    def finds(_content: Content) -> list[Finding]:
        return [Finding("scripted", "x", Standing.HELD, "Held.")]

    def is_overtaken(_content: Content) -> list[Finding]:
        edited(post, "Worse.")
        scripted.during.append(finds)
        post_scan(post_id=post.id)  # the scan of the new version is done before this one
        scripted.during.append(finds)
        return []

    scripted.during.append(is_overtaken)
    post_scan(post_id=post.id)
    assert stands(post) == (Standing.HELD, "Held.")
    results = get_scan(post.id)
    assert results is not None
    assert results["version"] == 2


def crash(_content: Content) -> list[Finding]:
    raise RuntimeError("a bug in somebody's scanner")


def test_a_scanner_that_crashes_is_tried_again_and_what_waits_is_held_at_last(
    settings: Any, newcomer: User
) -> None:
    settings.SCANNERS = [scripted.PATH, "posts.moderation.scanners.rules.RuleScanner"]
    post = a_post(by=newcomer)
    scripted.during.append(crash)
    with pytest.raises(ScanIncomplete):
        post_scan(post_id=post.id)
    assert stands(post)[0] is Standing.WAITING
    post_scan(post_id=post.id)
    assert stands(post)[0] is Standing.SHOWN, "the second try passed"

    post = a_post(by=newcomer)
    scripted.during.append(crash)
    post_scan(post_id=post.id, last_try=True)
    assert stands(post) == (Standing.HELD, "It could not be checked.")
    assert Case.objects.get(thing_id=post.id).findings[0]["rule"] == "failed"


def test_a_crash_hides_nothing_of_who_is_trusted_and_no_finding_of_the_others(settings: Any) -> None:
    settings.SCANNERS = [scripted.PATH, "posts.moderation.scanners.rules.RuleScanner"]
    post = a_post(by=a_user())
    scripted.during.append(crash)
    post_scan(post_id=post.id, last_try=True)
    assert stands(post)[0] is Standing.SHOWN
    a_rule("pier", "covered")
    scripted.during.append(crash)
    with pytest.raises(ScanIncomplete):
        post_scan(post_id=post.id)
    assert stands(post)[0] is Standing.COVERED


def test_the_task_tries_a_crashing_scanner_to_the_end(settings: Any, newcomer: User) -> None:
    settings.SCANNERS = [scripted.PATH]
    post = a_post(by=newcomer)
    scripted.during += [crash] * (TRIES + 2)
    with pytest.raises(Retry):  # in place, the tries after the first follow at once
        scan_post.apply([post.id])
    scan_post.apply([post.id], retries=TRIES)
    assert stands(post) == (Standing.HELD, "It could not be checked.")


def test_photos_that_are_still_being_made_keep_a_post_waiting(newcomer: User) -> None:
    post = a_post(by=newcomer, photo=a_photo(400, 300))
    assert post.photos[0].is_waiting
    post_scan(post_id=post.id)
    assert stands(post)[0] is Standing.WAITING
    a_rule("pier", "held")
    post_scan(post_id=post.id)
    assert stands(post)[0] is Standing.HELD, "what is found counts at once"


def test_a_post_with_a_photo_is_shown_when_the_photo_has_been_looked_at(
    settle: Settle, newcomer: User
) -> None:
    post = a_post(by=newcomer, photo=a_photo(400, 300))
    settle()
    assert not post_by_id(post.id).photos[0].is_waiting
    assert stands(post)[0] is Standing.SHOWN
    results = get_scan(post.id)
    assert results is not None
    assert results["is_whole"]


@pytest.mark.usefixtures("rules_only")
def test_comments_wait_and_are_held_too(settle: Settle, newcomer: User) -> None:
    reader = a_user()
    reader.trust = "trusted"
    reader.save()
    post = a_post(by=reader)
    a_rule("casino", "held", reason="Gambling.")
    fine, bad = a_comment(by=newcomer, on=post), a_comment(by=newcomer, on=post, text="Best CASINO in town")

    def seen(user: User) -> list[int]:
        page = comments_of_post(post.id).items
        return [comment.id for comment in visible_comments(UserId(user.pk), post, page)]

    assert (seen(reader), seen(newcomer)) == ([], [fine.id, bad.id])
    settle()
    assert (seen(reader), seen(newcomer)) == ([fine.id], [fine.id, bad.id])
    assert comments_by_ref([bad.ref])[bad.ref].moderation.reason == "Gambling."
    assert Case.objects.get(thing_id=bad.id).kind == "comment"
