"""Every route of the API, in the order of its documentation. One more route is one more row."""

from __future__ import annotations

from orepact.web.api import bodies
from orepact.web.api.account_table import ACCOUNTS
from orepact.web.api.network_table import NETWORKS
from orepact.web.api.routes import READ_FACTS, Asks, Does, Route
from orepact.web.api.sharing_table import FEEDS, POOLS, WEBHOOKS
from orepact.web.api.work_table import EXCHANGE, RUNS

#: What is filled in from who asks, whatever was sent.
ACTOR = ("actor", "account")
FOR_HIS = (ACTOR, ("by", "organisation"))

RECORDS = (
    Route(
        "GET", "/records", "pact.list_records", "A page of the records of some kinds.",
        ("kinds", "states", "owner", "instrument", "article", "due_before", "overdue", "search", "order", "after", "limit", "on"),
    ),
    Route(
        "POST", "/records", "pact.record_values", "Keep several records, all or none.", body=bodies.Records, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
    Route(
        "POST", "/records/check", "pact.check_values", "What would be kept of several records; nothing is.", body=bodies.Records,
        does=Does.asks, deed="write", mine=(ACTOR,),
    ),
    Route(
        "GET", "/records/{kind}/{name}", "pact.show_record", "All that a record says, its last version or an earlier one.",
        ("language", "revision"),
    ),
    Route(
        "PUT", "/records/{kind}/{name}", "pact.put_record", "Keep a record in place of the version that you read, or a new one.",
        body=bodies.Record, does=Does.changes, deed="write", mine=(ACTOR,),
    ),
    Route("GET", "/records/{kind}/{name}/history", "pact.record_history", "Every version of a record: who, when, why, what."),
    Route(
        "PUT", "/records/{kind}/{name}/sharing", "pact.share_record", "Say who may see a record, and what of it.",
        body=bodies.Sharing, does=Does.changes, deed="share", mine=(ACTOR,),
    ),
    Route(
        "GET", "/search", "pact.search_records", "Records whose texts hold each of these words, in any language.",
        ("words=search", "kinds", "order", "limit", "after"),
    ),
    Route("GET", "/kinds", "pact.list_kinds", "The kinds of records.", asks=Asks.nothing),
    Route("GET", "/kinds/{kind}", "pact.show_form", "The fields of a kind, and a form of it (YAML) to fill in."),
    Route(
        "GET", "/counts", "pact.count_records", "How many records fall together, and how their due dates lie.",
        ("by", "kinds", "states", "owner", "instrument", "article", "on"),
    ),
)  # fmt: skip

BODIES = (
    Route("GET", "/bodies", "pact.list_bodies", "Every body: who chairs, who chairs next, when it is due.", ("on",)),
    Route("GET", "/bodies/{body}/agenda", "pact.draft_agenda", "A draft for its next meeting.", ("on", "limit")),
    Route("GET", "/bodies/{body}/chairs", "pact.list_chairs", "Who chairs it, and from what that follows.", ("on",)),
    Route("GET", "/bodies/{body}/guests", "pact.list_guests", "Guests of its meetings.", ("on",)),
    Route(
        "GET", "/bodies/{body}/pack.html", "sharing.pack_page", "The pack of its next meeting, as a page to print.",
        ("on", "language"), deed="export", noted=True, media="text/html",
    ),
    Route("GET", "/bodies/{body}/queues", "pact.list_queues", "The open work before it.", ("on",)),
    Route(
        "GET", "/bodies/{body}/calendar.ics", "pact.calendar_bytes", "Its meetings, due dates and commitments as iCalendar.",
        ("on", "language"), media="text/calendar",
    ),
    Route("GET", "/roles", "pact.list_roles", "Who holds which role.", ("name=organisation", "on")),
)  # fmt: skip

INSTRUMENTS = (
    Route(
        "GET", "/instruments", "pact.list_instruments", "Every instrument: its state, since when, why.",
        ("party", "state=standing", "since", "until", "on"),
    ),
    Route("GET", "/instruments/{name}", "pact.show_instrument", "One instrument with what hangs on it.", ("on",)),
    Route(
        "GET", "/instruments/{instrument}/articles", "pact.list_articles", "Its articles, and what serves each.",
        ("on", "language"),
    ),
    Route(
        "GET", "/instruments/{instrument}/scoreboard", "pact.show_scoreboard", "Each article with its indicators.",
        ("on", "language", "show", "chapter"),
    ),
    Route(
        "GET", "/instruments/{name}/ending", "pact.show_ending", "What its end would take and leave.",
        ("on", "given_by", "given_on", "asked_for"),
    ),
    Route("GET", "/instruments/{instrument}/follow-through", "pact.follow_through", "What came of what was agreed.", ("on",)),
    Route("GET", "/instruments/{instrument}/form", "pact.form_of", "The questions that a request answers.", ("language",)),
    Route(
        "POST", "/gate", "pact.ask_gate", "Whether an organisation may see a data set, by which instrument.", body=bodies.Gate,
        does=Does.asks,
    ),
    Route("GET", "/outcomes", "pact.list_outcomes", "What was to come of activities, and came.", ("activities", "on", "overdue")),
    Route("GET", "/itineraries/{name}", "pact.show_itinerary", "A mission, stop by stop.", ("on",)),
    Route("GET", "/positions", "pact.list_positions", "Who stands where on standards.", ("standards", "sides", "on")),
    Route(
        "GET", "/third-states", "pact.list_third_states", "What third states do, and what comes next.",
        ("country", "commodity", "within", "on"),
    ),
    Route("GET", "/contracts/{name}", "pact.show_contract", "A contract: what it binds, and until when.", ("on",)),
)  # fmt: skip

PEOPLE = (
    Route("GET", "/organisations/{name}/owners", "pact.list_owners", "Who owns an organisation.", ("on",)),
    Route("GET", "/organisations/{name}/members", "pact.list_members", "Who belongs to it.", ("on",)),
    Route("GET", "/organisations/{name}/names", "pact.names_of", "Its names.", ("on",)),
)

PROJECTS = (
    Route("GET", "/projects/slips", "pact.list_slips", "How milestones moved.", ("projects", "on", "milestone")),
    Route("GET", "/projects/late", "pact.list_late", "Projects that are late.", ("on", "at_least")),
    Route("GET", "/projects/realised", "pact.count_realised", "How much of what was announced came.", ("on", "months")),
    Route("GET", "/projects/permits", "pact.permit_clocks", "The clocks of permits.", ("projects", "on")),
    Route("GET", "/projects/support", "pact.support_account", "Who gave how much.", ("projects", "on", "giver", "programme")),
    Route("GET", "/projects/engagement", "pact.show_engagement", "Engagement with Nations, as they open it.", ("projects", "on")),
    Route("GET", "/permit-paths", "pact.list_permit_paths", "The ways to a permit.", ("place=place_text", "project_kind")),
    Route("GET", "/permit-paths/{name}", "pact.show_permit_path", "One of them, step by step."),
    Route(
        "GET", "/cascade", "pact.find_cascade", "What falls when sites fall.", ("sites", "on", "least", "depth", *READ_FACTS),
        asks=Asks.both,
    ),
    Route("GET", "/sites/compare", "pact.compare_sites", "Locations side by side.", ("locations", "on")),
    Route(
        "POST", "/matches", "pact.match_supply", "Sites that make what buyers lack.", body=bodies.Matches, does=Does.asks,
        asks=Asks.both,
    ),
    Route(
        "POST", "/programmes/ask", "pact.ask_programmes", "Whether a case is eligible for programmes.", body=bodies.Case,
        does=Does.asks,
    ),
    Route(
        "POST", "/programmes/stack", "pact.stack_programmes", "What programmes give together.", body=bodies.Stack, does=Does.asks,
    ),
)  # fmt: skip

INCIDENTS = (
    Route(
        "POST", "/incidents", "pact.open_incident", "Open an incident.", body=bodies.Incident, does=Does.changes, deed="write",
        done=201, mine=(ACTOR,),
    ),
    Route("GET", "/incidents/{name}", "pact.show_incident", "How far it has come, step by step.", ("on",)),
    Route(
        "POST", "/incidents/{incident}/assessments", "jobs.submit_assessment",
        "Have it assessed: a run, and when it is done, the assessment is in the register.", ("priority", "time_limit_s"),
        body=bodies.Assessing, does=Does.manages, deed="run", done=202,
    ),
    Route("GET", "/incidents/{incident}/options", "pact.list_options", "The options of its last assessment."),
    Route(
        "POST", "/incidents/{name}/request", "pact.request_values", "Put the request.", body=bodies.Request, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
    Route(
        "POST", "/incidents/{name}/meeting", "pact.note_meeting", "Note the meeting.", body=bodies.Meeting, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
    Route(
        "POST", "/incidents/{name}/close", "pact.close_incident", "Close it.", body=bodies.Closing, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
    Route(
        "POST", "/incidents/{incident}/review", "pact.review_incident", "Keep what was learned.", body=bodies.Review,
        does=Does.changes, deed="write", done=201, mine=(ACTOR,),
    ),
)  # fmt: skip

DECISIONS = (
    Route(
        "POST", "/decisions", "pact.ask_for_values", "Ask the sides.", body=bodies.Decision, does=Does.changes, deed="write",
        done=201, mine=FOR_HIS,
    ),
    Route(
        "POST", "/decisions/aid", "pact.ask_for_aid", "Ask the sides to take an option of an assessment.", body=bodies.Aid,
        does=Does.changes, deed="write", done=201, mine=FOR_HIS,
    ),
    Route("GET", "/decisions/{name}", "pact.show_decision", "How it stands, key by key.", ("on",)),
    Route(
        "POST", "/decisions/{name}/keys", "pact.turn_key", "Turn the key of a side, as you and for your organisation.",
        body=bodies.Key, does=Does.changes, deed="turn_key", mine=(ACTOR, ("organisation", "organisation"), ("person", "person")),
    ),
    Route(
        "POST", "/decisions/{name}/carry-out", "pact.carry_out", "Do what is approved.", body=bodies.CarryOut, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
    Route(
        "POST", "/deliveries", "pact.promise_delivery", "Promise help under a decision.", body=bodies.Delivery, does=Does.changes,
        deed="write", done=201, mine=FOR_HIS,
    ),
    Route(
        "POST", "/deliveries/{name}/arrivals", "pact.note_arrival", "Note what arrived.", body=bodies.Arrival, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
    Route(
        "POST", "/notices", "pact.send_notice", "Put a notice on record.", body=bodies.Notice, does=Does.changes, deed="write",
        done=201, mine=(ACTOR, ("sender", "organisation")),
    ),
    Route("GET", "/notices/{name}", "pact.show_notice", "How a notice stands.", ("on",)),
    Route(
        "POST", "/notices/{name}/acknowledgements", "pact.acknowledge_notice", "Say that your organisation has it.",
        body=bodies.Acknowledgement, does=Does.changes, deed="write",
        mine=(ACTOR, ("organisation", "organisation"), ("person", "person")),
    ),
    Route("GET", "/drills/{name}", "pact.show_drill", "An exercise as it stands."),
    Route(
        "POST", "/drills/{name}/start", "pact.start_drill", "Start it.", body=bodies.Timed, does=Does.changes, deed="write",
        mine=(ACTOR,),
    ),
    Route(
        "POST", "/drills/{name}/end", "pact.end_drill", "End it.", body=bodies.Timed, does=Does.changes, deed="write",
        mine=(ACTOR,),
    ),
    Route(
        "POST", "/drills/{name}/actions", "pact.act_in_drill", "Note what your organisation did on an inject.",
        body=bodies.Action, does=Does.changes, deed="write", mine=FOR_HIS,
    ),
    Route(
        "POST", "/drills/{name}/findings", "pact.find_in_drill", "Note a lesson.", body=bodies.Finding, does=Does.changes,
        deed="write", mine=(ACTOR,),
    ),
)  # fmt: skip

FACTS = (
    Route(
        "GET", "/facts", "list_facts", "The claims that count.",
        ("attribute", "place", "thing", "year", "subject", "limit", *READ_FACTS), asks=Asks.facts,
    ),
    Route(
        "GET", "/facts/why", "explain_fact", "Why a number is what it is: the claim that counts, and every rival.",
        ("subject", "attribute", "year", *READ_FACTS), asks=Asks.facts,
    ),
    Route("GET", "/sources", "list_sources", "Every source, and how many claims stand on it.", ("source",), asks=Asks.facts),
    Route("GET", "/rules", "list_rule_sets", "Every set of rules.", asks=Asks.nothing),
    Route("GET", "/rules/{rule_set}", "show_rules", "One set of rules.", asks=Asks.nothing),
    Route(
        "GET", "/rules-in-force", "list_rules", "Every rule of law, or those that apply on a day.",
        ("day=on", "jurisdiction=place"), asks=Asks.nothing,
    ),
    Route("GET", "/events", "shock.list_events", "Every event of the library.", asks=Asks.nothing),
    Route("GET", "/events/{known_event}", "shock.show_event", "One event, in words.", asks=Asks.nothing),
    Route(
        "GET", "/measures/concentration", "measure_concentration", "How concentrated supply is.",
        ("thing", "stage", "year", "by=basis", "place", *READ_FACTS), asks=Asks.facts,
    ),
    Route(
        "GET", "/measures/reliance", "measure_reliance", "How much of what a place uses comes from abroad.",
        ("place", "thing", "year", *READ_FACTS), asks=Asks.facts,
    ),
    Route(
        "GET", "/measures/criticality", "measure_criticality", "How critical a material is.",
        ("method", "commodity", "place", "year", *READ_FACTS), asks=Asks.facts,
    ),
)  # fmt: skip

VIEWS = (
    Route(
        "GET", "/views/tower", "view_tower",
        "What is red or amber for a party, who agreed to act, what it owes, who meets when, what is new.",
        ("party", "table=tower_table", "days", "on", "language", *READ_FACTS), asks=Asks.both,
    ),
    Route(
        "GET", "/views/states", "view_states", "How each state of the corridor stands, a line each.",
        ("on", "language", *READ_FACTS), asks=Asks.both,
    ),
    Route(
        "GET", "/views/projects", "view_projects", "Projects by place, good, state and owner, or how many each province has.",
        ("rows=project_rows", "place", "commodity", "status", "owner=taking_part", "on", *READ_FACTS), asks=Asks.both,
    ),
    Route(
        "GET", "/views/cascade", "view_cascade", "What may fall with each project of a place, one at a time.",
        ("place", "project", "least", "on", *READ_FACTS), asks=Asks.both,
    ),
    Route(
        "GET", "/views/calendar", "view_calendar", "Meetings, decisions and due dates between two days.",
        ("first=from_day", "last=until", "bodies", "on", "language"),
    ),
    Route("GET", "/views/documents", "view_documents", "The texts that are on record.", ("on",)),
    Route(
        "GET", "/views/sources", "view_sources", "Sources: how fresh they are, and what they cover.",
        ("search", "licence", "fresh", "on", *READ_FACTS), asks=Asks.facts,
    ),
)  # fmt: skip

AUDIT = (
    Route("GET", "/audit", "pact.audit_log", "Who did what to which record, and when.", ("after", "limit")),
    Route(
        "GET",
        "/problems",
        "pact.list_problems",
        "What is wrong with the records that are yours to keep.",
        ("limit",),
        deed="write",
    ),
    Route(
        "GET",
        "/access-log",
        "access.access_log",
        "Who got in, whom somebody let in, what left the register.",
        ("key=account", "after=entry", "limit"),
        deed="audit",
        kept=False,
    ),
    Route("GET", "/audit/verify", "pact.verify_audit", "Whether the audit log closes.", deed="audit", kept=False),
)

ROUTES: tuple[Route, ...] = (
    *RECORDS,
    *BODIES,
    *INSTRUMENTS,
    *PEOPLE,
    *PROJECTS,
    *INCIDENTS,
    *DECISIONS,
    *FACTS,
    *VIEWS,
    *RUNS,
    *NETWORKS,
    *EXCHANGE,
    *AUDIT,
    *ACCOUNTS,
    *FEEDS,
    *WEBHOOKS,
    *POOLS,
)
