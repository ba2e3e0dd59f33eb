"""What all scanners together say of a content: the worst outcome counts."""

from dataclasses import dataclass

import structlog

from config.metrics import SCANNER_FAILURES
from posts.moderation.content import Content
from posts.moderation.scanners import Finding, Scanner, scanners
from posts.standing import Standing, worst

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one version of a content."""

    findings: tuple[Finding, ...]
    failed: tuple[str, ...]
    """Scanners that crashed or took too long."""
    versions: dict[str, str]
    """Of each scanner that answered."""
    is_whole: bool

    @property
    def outcome(self) -> Standing:
        """The worst of all findings."""
        return worst(finding.outcome for finding in self.findings)

    @property
    def reason(self) -> str:
        """The first one's of those that decided."""
        return next((found.reason for found in self.findings if found.outcome is self.outcome), "")


def verdict_on(content: Content) -> Verdict:
    """Ask every scanner, whatever becomes of the others.

    Cost: theirs.
    """
    findings, failed, versions = list[Finding](), list[str](), dict[str, str]()
    for scanner in scanners():
        found = _asked(scanner, content)
        if found is None:
            failed.append(scanner.name)
        else:
            findings += found
            versions[scanner.name] = scanner.version
    return Verdict(tuple(findings), tuple(failed), versions, content.is_whole)


def _asked(scanner: Scanner, content: Content) -> list[Finding] | None:
    """None if it failed; nothing is lost by that, for what was not scanned is scanned again or held."""
    try:
        return scanner.scan(content)
    except Exception:  # scanners are anybody's code, and may fail in any way
        SCANNER_FAILURES.labels(scanner.name).inc()
        logger.exception("scanner_failed", scanner=scanner.name)
        return None
