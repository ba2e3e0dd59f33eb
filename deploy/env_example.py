"""`.env.example` from the declaration of the settings: `python -m deploy.env_example --write`, or compared with it."""

import json
import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from config.environment import BASE_DIR, Environment

EXAMPLE = BASE_DIR / ".env.example"
_HEAD = """\
# Every setting of Roost with its default. Copy what you change to .env; the process's environment wins over it.
# Made from config/environment.py by: python -m deploy.env_example --write
"""


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value.relative_to(BASE_DIR)) if value.is_relative_to(BASE_DIR) else str(value)
    return value if isinstance(value, str) else json.dumps(value)


def example() -> str:
    """The whole file."""
    prefix = Environment.model_config["env_prefix"]
    blocks = [_HEAD]
    for name, field in Environment.model_fields.items():
        variable = str(field.validation_alias or f"{prefix}{name}".upper())
        blocks.append(f"# {field.description}\n# {variable}={_default(field)}\n")
    return "\n".join(blocks)


def main() -> int:
    """Write it, or say whether what is there is the same."""
    if "--write" in sys.argv:
        EXAMPLE.write_text(example())
    elif not EXAMPLE.exists() or EXAMPLE.read_text() != example():
        print(".env.example is not what config/environment.py says: python -m deploy.env_example --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
