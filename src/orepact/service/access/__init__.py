"""Who asks and what is his to do: accounts, how they get in, what they belong to. It knows nothing of HTTP."""

from __future__ import annotations

from orepact._lazy import lazy

_HOME = {
    "Caller": "callers",
    "LoggedIn": "sessions",
    "New": "accounts",
    "accept_invitation": "inviting",
    "access_log": "noting",
    "act_for": "sessions",
    "add_account": "accounts",
    "caller_of": "callers",
    "change_community": "roles",
    "change_password": "sessions",
    "csrf_fits": "callers",
    "csrf_of": "callers",
    "deeds_of": "may",
    "deeds_on": "whose",
    "end_role": "roles",
    "give_role": "roles",
    "invite": "inviting",
    "list_accounts": "accounts",
    "list_clients": "roles",
    "list_memberships": "roles",
    "list_tokens": "tokens",
    "log_in": "sessions",
    "log_out": "sessions",
    "make_token": "tokens",
    "note_export": "noting",
    "reader_as": "callers",
    "reader_of": "callers",
    "revoke_token": "tokens",
    "set_state": "accounts",
    "share_with_client": "roles",
    "show_invitation": "inviting",
    "show_me": "accounts",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
