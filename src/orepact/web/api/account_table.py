"""Rows of the API about who gets in, for whom he acts, and what he may do."""

from __future__ import annotations

from orepact.web.api import account_bodies
from orepact.web.api.routes import Does, Route

ACCOUNTS = (
    Route(
        "POST", "/login", "access.log_in", "Get in with a password: a cookie, and what forms of the session carry (`csrf`).",
        body=account_bodies.Login, does=Does.manages, mine=(("address", "address"), ("before", "session")),
    ),
    Route(
        "POST", "/logout", "access.log_out", "End the session.", does=Does.manages, done=204, deed="see_me",
        mine=(("session", "session"),),
    ),
    Route("GET", "/me", "access.show_me", "Who you are, for whom you act, what you may do.", deed="see_me", kept=False),
    Route(
        "POST", "/me/organisation", "access.act_for", "Act for another organisation of yours.", body=account_bodies.Acting,
        does=Does.manages, deed="see_me", mine=(("session", "session"),),
    ),
    Route(
        "POST", "/me/password", "access.change_password", "Another password; all your sessions end but this.",
        body=account_bodies.Password, does=Does.manages, deed="change_password",
        mine=(("session", "session"), ("address", "address")),
    ),
    Route("GET", "/tokens", "access.list_tokens", "Your tokens, without what is secret of them.", deed="see_me", kept=False),
    Route(
        "POST", "/tokens", "access.make_token", "A token for a program of yours, told this once: `token` (`text` is the same).",
        body=account_bodies.Token, does=Does.manages, deed="make_token", done=201,
        mine=(("account", "account"), ("organisation", "organisation")),
    ),
    Route(
        "DELETE", "/tokens/{token}", "access.revoke_token", "Let a token open nothing more.", does=Does.manages, done=204,
        deed="see_me",
    ),
    Route(
        "GET", "/accounts", "access.list_accounts", "Accounts of your organisation.", ("organisation=part_of",),
        deed="see_accounts", kept=False,
    ),
    Route(
        "POST", "/accounts", "access.add_account", "Add an account.", body=account_bodies.Account, does=Does.manages,
        deed="see_me", done=201,
    ),
    Route(
        "POST", "/accounts/{name}/state", "access.set_state", "Lock, open or close an account.", body=account_bodies.Standing,
        does=Does.manages, deed="close_account",
    ),
    Route(
        "POST", "/accounts/{account}/invitation", "access.invite", "A link to choose a password: its `secret` is told this once.",
        body=account_bodies.Invited, does=Does.manages, deed="add_account", done=201,
    ),
    Route("GET", "/invitations/{secret}", "access.show_invitation", "Whom an invitation is for.", kept=False),
    Route(
        "POST", "/invitations/{secret}", "access.accept_invitation", "Choose a password, and be in.", body=account_bodies.Choice,
        does=Does.manages,
    ),
    Route(
        "GET", "/memberships", "access.list_memberships", "Who has which role.", ("account", "organisation=part_of"),
        deed="see_me", kept=False,
    ),
    Route(
        "POST", "/memberships", "access.give_role", "Give a role.", body=account_bodies.Membership, does=Does.manages,
        deed="give_role", done=201,
    ),
    Route(
        "DELETE", "/memberships/{account}/{part_of}", "access.end_role", "End a role, or all of an account.", ("role",),
        does=Does.manages, deed="give_role",
    ),
    Route(
        "GET", "/clients", "access.list_clients", "With whom owners share what is amber.", ("owner",), deed="see_me", kept=False,
    ),
    Route(
        "POST", "/clients", "access.share_with_client", "Share what is amber with an organisation, or no longer.",
        body=account_bodies.Client, does=Does.manages, deed="share_with_client",
    ),
    Route(
        "POST", "/community", "access.change_community", "Take an organisation into the community, or out of it.",
        body=account_bodies.Community, does=Does.manages, deed="change_community",
    ),
)  # fmt: skip
