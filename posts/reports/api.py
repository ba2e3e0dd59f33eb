"""Reports under /api/v1/."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import IdField
from config.entities import PostId, UserId
from config.pages import signed_in_id
from config.rates import limited
from posts.comment_address import PATTERN, ref_of
from posts.reports import services
from posts.reports.models import NOTE_MAX_LENGTH, Report
from posts.reports.targets import Target, account_target, comment_target, post_target


class ReportCreateSerializer(serializers.Serializer[Any]):
    """A post by `post_id`, a comment by `post_id` and `comment_key`, or an account by `user_id`."""

    post_id = IdField(required=False)
    comment_key = serializers.RegexField(f"^{PATTERN}$", required=False, help_text="As `key` of the comment.")
    user_id = IdField(required=False)
    reason = serializers.ChoiceField(choices=Report.Reason.values)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=NOTE_MAX_LENGTH)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One thing, named as a whole. Raises: ValidationError."""
        named = {name for name in ("post_id", "comment_key", "user_id") if name in attrs}
        if named not in ({"post_id"}, {"post_id", "comment_key"}, {"user_id"}):
            raise serializers.ValidationError("Send post_id, post_id and comment_key, or user_id.")
        return attrs


class ReportSerializer(serializers.Serializer[Report]):
    """One's own report."""

    id = IdField(source="pk", read_only=True)
    kind = serializers.ChoiceField(choices=Report.Kind.values, read_only=True)
    thing_id = IdField(read_only=True, help_text="Of the post, the comment or the account.")
    reason = serializers.ChoiceField(choices=Report.Reason.values, read_only=True)
    note = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=Report.State.values, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class ReportsView(APIView):
    """Telling moderators."""

    @extend_schema(
        operation_id="reports_create",
        request=ReportCreateSerializer,
        responses={201: ReportSerializer, 200: ReportSerializer},
    )
    @limited("report")
    def post(self, request: Request) -> Response:
        """Report a post, a comment or an account that the caller can see.

        Again before it is decided changes the report that is there (200).
        """
        reporter_id = signed_in_id(request)
        serializer = ReportCreateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        sent = dict(serializer.validated_data)
        report, is_new = services.report_create(
            reporter_id=reporter_id,
            target=_target(reporter_id, sent),
            reason=sent["reason"],
            note=sent["note"],
        )
        return Response(ReportSerializer(report).data, status=201 if is_new else 200)


def _target(viewer_id: UserId, sent: dict[str, Any]) -> Target:
    if "user_id" in sent:
        return account_target(viewer_id, UserId(sent["user_id"]))
    if "comment_key" in sent:
        return comment_target(viewer_id, ref_of(sent["post_id"], sent["comment_key"]))
    return post_target(viewer_id, PostId(sent["post_id"]))
