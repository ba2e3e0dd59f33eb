"""Ids in addresses: `<id:user_id>`. What no id can be is no address either, so views never meet an unstorable number."""

LARGEST_ID = 2**63 - 1


class IdConverter:
    """A positive 64-bit id in decimal, without leading zeros: one address for one thing."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Raises: ValueError, which Django answers with 404, for what is over 63 bits."""
        if int(value) > LARGEST_ID:
            raise ValueError
        return int(value)

    def to_url(self, value: int) -> str:
        """The decimal digits."""
        return str(value)
