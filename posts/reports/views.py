"""Pages of reporting: why, then what happens next. Plain forms, with and without script."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.selectors import profiles_by_ids
from config.entities import PostId, UserId
from config.pages import signed_in_id
from config.rates import take
from posts.comment_address import ref_of
from posts.reports import services
from posts.reports.errors import OwnThing
from posts.reports.forms import ReportForm
from posts.reports.targets import Target, account_target, comment_target, post_target


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Report a post."""
    target = post_target(signed_in_id(request), PostId(post_id))
    return _report(request, target, reverse("posts:post", args=[post_id]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_comment(request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Report a comment."""
    target = comment_target(signed_in_id(request), ref_of(post_id, key))
    return _report(request, target, reverse("posts:post", args=[post_id]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Report an account."""
    target = account_target(signed_in_id(request), UserId(user_id))
    return _report(request, target, reverse("feed:profile", args=[target.snapshot["handle"]]))


@login_required
@require_safe
def reported(request: HttpRequest, report_id: int) -> HttpResponse:
    """What happens next with one's own report, and what else one can do."""
    report = services.report_own(signed_in_id(request), report_id)
    about = UserId(report.subject_id)
    return render(
        request, "posts/reported.html", {"report": report, "profile": profiles_by_ids([about]).get(about)}
    )


def _report(request: HttpRequest, target: Target, back_url: str) -> HttpResponse:
    viewer_id = signed_in_id(request)
    if target.subject_id == viewer_id:
        raise OwnThing
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take("report", user_id=viewer_id)
        report, _is_new = services.report_create(reporter_id=viewer_id, target=target, **form.cleaned_data)
        return redirect("posts:reported", report.pk)
    context = {"form": form, "target": target, "back_url": back_url}
    return render(request, "posts/report.html", context, status=422 if request.method == "POST" else 200)
