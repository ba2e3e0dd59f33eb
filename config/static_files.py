"""Static files under names that carry a hash of their content, so that browsers and edges may keep them for good."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """What `collectstatic` made; names as they are where it has not run, as in a shell."""

    # Addresses in style sheets alone: scripts and styles of others name source maps that they come without.
    patterns = (("*.css", (r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",)),)

    def stored_name(self, name: str) -> str:
        """The name with its hash; of what was not there when files were collected, the plain one."""
        is_collected = self.hash_key(self.clean_name(name)) in self.hashed_files
        return str(super().stored_name(name)) if is_collected else name
