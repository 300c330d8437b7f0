"""Secrets that must be had again, such as those that sign webhooks: sealed in the database, with a key that lies beside it.

Sealed with AES-256-GCM; what a secret is for is sealed with it, so that it cannot be put in the place of another. A file holds
the keys, one a line, newest first: the first seals, each of them opens. Who has the database or a backup of it, and not that
file, has no secret.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem, StoreUnavailable

if TYPE_CHECKING:
    from orepact.store.store import Store

#: Where the file of keys is, and the keys themselves in place of a file.
FILE_VARIABLE, VARIABLE = "OREPACT_KEY_FILE", "OREPACT_KEY"
#: What a line of keys and a sealed text begin with; a text without is not sealed.
KEY, SEALED = "orepact-key-", "sealed:1:"
KEY_BYTES, NONCE_BYTES = 32, 12
MEND = f"put it there, or name its file (${FILE_VARIABLE}); it lay beside the database whose secrets it sealed"


def key_gone(key: str, where: str) -> StoreUnavailable:
    """What is said where something was sealed with a key that is not here."""
    return StoreUnavailable(f"the key {key} that seals secrets is not in {where}: {MEND}")


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys by their names, the one that seals first; ``where`` they are."""

    by_name: dict[str, bytes]
    where: str

    def seal(self, text: str, purpose: str) -> str:
        """A text as the database keeps it."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        name, key = next(iter(self.by_name.items()))
        nonce = secrets.token_bytes(NONCE_BYTES)
        closed = AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
        return f"{SEALED}{name}:{b64encode(nonce + closed).decode()}"

    def opened(self, text: str, purpose: str) -> str:
        """A text that was sealed for a purpose, or was never sealed; raises ``StoreUnavailable`` for one that was
        altered, or whose key is not here.
        """
        if not text.startswith(SEALED):
            return text
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        name, _, content = text.removeprefix(SEALED).partition(":")
        if name not in self.by_name:
            raise key_gone(name, self.where)
        whole = b64decode(content)
        try:
            found = AESGCM(self.by_name[name]).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise StoreUnavailable(f"a secret that was sealed with the key {name} was altered: make a new one") from None
        return found.decode()


def sealed_with(text: str) -> str:
    """The name of the key of a sealed text; "" for one that is not sealed."""
    return text.removeprefix(SEALED).partition(":")[0] if text.startswith(SEALED) else ""


def new_key() -> str:
    """A new key as a line of the file."""
    return KEY + b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def key_file(store: Store) -> Path:
    """The file of keys: the one that is named, else beside the file of the register, else in the user's folder."""
    from orepact.facts.importing import user_folder

    named, file = os.environ.get(FILE_VARIABLE, ""), store.database.address.file
    if named:
        return Path(named)
    return user_folder().parent / "register.key" if file is None else file.with_name(f"{file.name}.key")


def keys_of(store: Store, sealed: Iterable[str] = ()) -> Keys:
    """The keys of a register. One is made where there is none and nothing is ``sealed`` with another yet.

    Raises ``StoreUnavailable`` where what is sealed needs one and there is none, for a file that holds none, and where none can
    be kept.
    """
    given = os.environ.get(VARIABLE, "")
    if given:
        return _read(given, f"${VARIABLE}")
    file = key_file(store)
    try:
        return _read(file.read_text(encoding="utf-8"), str(file))
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError) as fault:
        raise StoreUnavailable(f"the file of the key cannot be read: {fault}", where=str(file)) from None
    needed = next((name for name in map(sealed_with, sealed) if name), "")
    if needed:
        raise key_gone(needed, str(file))
    return _made(file)


def _made(file: Path) -> Keys:
    """A file with a new key, readable by its user alone; the one that somebody else made meanwhile."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(draft, f"{new_key()}\n")
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as fault:
        words = f"the file of the key cannot be written: {fault.strerror}; name another (${FILE_VARIABLE})"
        raise StoreUnavailable(words, where=str(file)) from fault
    return _read(file.read_text(encoding="utf-8"), str(file))


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _read(text: str, where: str) -> Keys:
    """Keys as their lines say them; the name of one is eight digits of its hash."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: dict[str, bytes] = {}
    for line in lines:
        try:
            key = b64decode(line.removeprefix(KEY), validate=True)
        except ValueError:
            key = b""
        if not line.startswith(KEY) or len(key) != KEY_BYTES:
            raise StoreUnavailable(f"a line there is no key: {KEY} and {KEY_BYTES} bytes in base64", where=where)
        found[sha256(key).hexdigest()[:8]] = key
    if not found:
        raise StoreUnavailable("there is no key", where=where)
    return Keys(found, where)


def add_key(store: Store) -> Keys:
    """The same file with a new key in front, which seals from now on; raises ``BadInput`` where keys are in no file."""
    if os.environ.get(VARIABLE, ""):
        raise BadInput([Problem("key", f"keys in a file (${FILE_VARIABLE})", f"${VARIABLE}", "put them into a file first")])
    file = key_file(store)
    keys_of(store)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        _write(draft, f"{new_key()}\n{file.read_text(encoding='utf-8').strip()}\n")
        draft.replace(file)
    except OSError as fault:
        raise StoreUnavailable(f"the file of the key cannot be written: {fault.strerror}", where=str(file)) from fault
    return keys_of(store)


def resealed(keys: Keys, sealed: dict[str, str], purpose: Callable[[str], str]) -> dict[str, str]:
    """Secrets by the id of what they are for, sealed anew with the first key: those that were sealed with another, or not."""
    first = next(iter(keys.by_name))
    return {
        name: keys.seal(keys.opened(text, purpose(name)), purpose(name))
        for name, text in sealed.items()
        if text and sealed_with(text) != first
    }
