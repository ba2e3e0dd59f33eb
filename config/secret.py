"""The signing key: given by the environment, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def secret_key_of(given: str, data_dir: Path) -> str:
    """The given key, else the one kept in `data_dir/secret.key`, made now if it is not there.

    Two processes that start at once agree: the file is linked into place whole, and whoever is second reads it.
    """
    if given:
        return given
    path = data_dir / "secret.key"
    if not path.exists():
        draft = data_dir / f"secret.key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its key is the one
        finally:
            draft.unlink()
    return path.read_text().strip()
