"""What the posts room keeps in the ORM: what moderators work with in the administration."""

from posts.moderation.models import Case, Rule
from posts.reports.models import Report

__all__ = ["Case", "Report", "Rule"]
