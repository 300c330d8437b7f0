"""Use cases of the pact register, one function each: keep the database, ask it, change it, follow an incident."""

from __future__ import annotations

from orepact._lazy import lazy

_HOME = {
    "init_register": "keeping",
    "upgrade_register": "keeping",
    "back_up_register": "keeping",
    "restore_register": "keeping",
    "register_status": "keeping",
    "seed_register": "seeding",
    "verify_audit": "auditing",
    "audit_log": "auditing",
    "list_bodies": "governing",
    "list_instruments": "governing",
    "list_articles": "governing",
    "draft_agenda": "governing",
    "calendar_of": "governing",
    "show_scoreboard": "scoreboard",
    "make_pack": "scoreboard",
    "list_records": "listing",
    "show_record": "showing",
    "record_history": "showing",
    "record_file": "recording",
    "find_cascade": "asking",
    "match_supply": "asking",
    "compare_sites": "asking",
    "open_incident": "incidents",
    "alert_now": "incidents",
    "request_help": "incidents",
    "note_meeting": "incidents",
    "close_incident": "incidents",
    "show_incident": "incidents",
    "form_of": "forms",
    "assess_incident": "assessing",
    "list_options": "assessing",
    "ask_for_aid": "deciding",
    "ask_for": "deciding",
    "turn_key": "deciding",
    "carry_out": "deciding",
    "show_decision": "deciding",
    "promise_delivery": "delivering",
    "note_arrival": "delivering",
    "review_incident": "delivering",
    "show_drill": "drilling",
    "start_drill": "drilling",
    "end_drill": "drilling",
    "act_in_drill": "drilling",
    "find_in_drill": "drilling",
    "send_notice": "noticing",
    "acknowledge_notice": "noticing",
    "show_notice": "noticing",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above

__getattr__ = lazy(__name__, _HOME)
