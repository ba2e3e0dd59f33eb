"""Rules that moderators keep in the administration. See `posts.moderation.rules`."""

from typing import Final

from posts.moderation.content import Content
from posts.moderation.models import Rule
from posts.moderation.rules import matcher
from posts.moderation.scanners import Finding
from posts.standing import Standing


class RuleScanner:
    """All enabled rules, as they are at the moment of the scan.

    Cost: one SQL query; some 0.1 ms a rule and text, linear in both.
    """

    name: Final = "rules"
    version: Final = "1"

    def scan(self, content: Content) -> list[Finding]:
        """Every rule that applies."""
        return [
            Finding(self.name, str(rule.pk), Standing(rule.outcome), rule.reason)
            for rule in Rule.objects.filter(is_enabled=True).order_by("pk")
            if matcher(rule).matches(content)
        ]
