"""
Groups: whose groups an override is paid on, how much CV stands in each, and who may earn on them.

A group is seen in one way by everybody, as what broke away or bears a mark; or in another way from each percent or
title, where the groups of an earner are those of leaders on the earner's own percent or title, or a higher one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from backend.engine.columns.compiled import kernel
from backend.engine.columns.numbered import cv_of
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Groups, Override, VolumeNumber


class View(NamedTuple):
    """The groups as some earners see them: who leads one, the CV of each leader's group, and who the earners are."""

    leads: Flags
    cv: Ints
    """Hundredths of a point; of no meaning for who leads no group."""
    earns: Flags


def views_of(snapshot: Snapshot, columns: Columns, rule: Override, eligible: Flags) -> Iterator[View]:
    """Yield the views of a rule's groups: one, or one for each percent or title of those who are eligible."""
    if rule.groups == Groups.SAME_PERCENT:
        for percent_bp in np.unique(columns.paid_bp[eligible & (columns.paid_bp > 0)]).tolist():
            leads = columns.percent_bp >= percent_bp
            yield View(leads, _cv(snapshot, columns, rule, leads), eligible & (columns.paid_bp == percent_bp))
    elif rule.groups == Groups.SAME_TITLE:
        for title in np.unique(columns.title[eligible]).tolist():
            leads = columns.title >= title
            yield View(leads, _cv(snapshot, columns, rule, leads), eligible & (columns.title == title))
    elif rule.groups == Groups.MARKED:
        leads = columns.mark(rule.mark)
        yield View(leads, _cv(snapshot, columns, rule, leads), eligible)
    else:
        yield View(columns.broken_away, cv_of(columns, rule.volume), eligible)


def _cv(snapshot: Snapshot, columns: Columns, rule: Override, leads: Flags) -> Ints:
    """Return the CV of the volume that the rule names; by default of all below down to the nearest leaders."""
    if rule.volume != VolumeNumber.GROUP:
        return cv_of(columns, rule.volume)
    found = np.empty_like(columns.cv)
    _between(snapshot.first_leg, snapshot.leg_count, leads, columns.cv, found)
    return found


@kernel
def _between(first_leg: Indexes, leg_count: Indexes, leads: Flags, cv: Ints, found: Ints) -> None:
    """Add up, from the leaves, own CV and that of all legs that do not lead a group themselves."""
    for i in range(cv.size - 1, -1, -1):
        found[i] = cv[i]
        for leg in range(first_leg[i], first_leg[i] + leg_count[i]):
            if not leads[leg]:
                found[i] += found[leg]
