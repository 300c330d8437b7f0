"""Who does what by when: instruments, bodies, commitments, projects and incidents, as records that rules can read.

No database, terminal or web in here: records come in as plain values, and every question is asked *on a day* that the caller
gives. ``orepact.store`` keeps records, ``orepact.service`` joins them with the engines.

Rooms, from the ground up, each importing from those before it only: ``records``; ``dates``; ``organisations``; ``instruments``;
``projects``, ``bodies`` and ``decisions``; ``supply`` and ``incidents``; ``briefing``.
"""
