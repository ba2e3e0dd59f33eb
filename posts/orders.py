"""In which order a list of posts is asked for."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


class OrderQuery(serializers.Serializer[Any]):
    """The query of a list that has two orders."""

    order = serializers.ChoiceField(
        choices=("newest", "top"),
        default="newest",
        help_text="`top`: those that are liked, the most liked first. A cursor goes on in the order it came with.",
    )

    @classmethod
    def is_top(cls, request: Request) -> bool:
        """Whether the most liked are asked for.

        Raises: ValidationError, answered as 422.
        """
        query = cls(data=request.query_params)
        query.is_valid(raise_exception=True)
        return bool(query.validated_data["order"] == "top")
