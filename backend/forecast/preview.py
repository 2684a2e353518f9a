"""
The preview of a leg's breakaway: what the upline earns before, between and after, zeros included, and what was assumed.

Every figure is an outcome of the engine on a period in which something is stated that is not so yet; `assumptions` says
what. Nothing here is a promise: the members below sell as they do today unless it is said otherwise.
"""

from msgspec import Struct

from backend.forecast.standing import Check


class Moment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The upline at one volume of the leg. Volumes are hundredths of a point, money minor units of the preview's currency.

    `leg_points` is the GV of the leg's leader. `amounts_minor` has what is not nothing, by bonus; the two amounts of
    the leg are what differential and overrides bring through it. Percents are those that are paid.
    """

    leg_points: int
    leg_percent_bp: int
    leg_broken_away: bool
    step: int
    title: int
    upkeep: str
    percent_bp: int
    gv_points: int
    side_volume_points: int
    amounts_minor: dict[str, int]
    total_minor: int
    leg_differential_minor: int
    leg_override_minor: int

    @property
    def through_leg_minor(self) -> int:
        """What comes through the leg, by differential and overrides together."""
        return self.leg_differential_minor + self.leg_override_minor


class Zone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The zone of equal percents, the last stretch before breakaway: the leg is paid the upline's percent or more.

    `from_points` to `to_points` is the GV of the leg, its end not included; a leg that stands in it already has it from
    where it stands. Without such a stretch both are the breakaway's volume and there is no moment in it.
    """

    from_points: int
    to_points: int
    begins: Moment | None

    @property
    def width_points(self) -> int:
        """How wide it is, hundredths of a point; nothing where there is none."""
        return self.to_points - self.from_points


class Overtakes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=True):
    """From this GV of the leg on it brings, broken away, at least what it brings today; a hundredth less does not."""

    leg_points: int
    moment: Moment


class NeverOvertakes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=True):
    """
    Why no volume of the leg brings back what it brings today, as a key of the locale catalogue.

    `nothing_lost`: it brings nothing today. `no_breakaway`: it cannot break away. `inactive`, `title`, `gate`: the
    upline does not earn the override, by what `missed` says. `no_rate`: no override is paid on it. `beyond`: not below
    the volume that was looked at.
    """

    reason: str
    missed: tuple[Check, ...] = ()


class Alone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The upline's own step, title and maintenance without the leg's volume, and the side volume that is left."""

    step: int
    title: int
    upkeep: str
    gv_points: int
    side_volume_points: int


class Later(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The upline so many months after the month of the breakaway: that whole month, computed by the engine.

    Until then everybody brings in each month what is there on the day; titles, maintenance and windows run on.
    """

    months: int
    moment: Moment


class Preview(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Before and after of one leg's breakaway for the member above it.

    `day_sales` is what customers buy until the day, by who sells; `unsold` what the breakaway needs and no sale brings,
    which is then assumed where a plan lets it be. Where it cannot be there is neither zone nor day, and nothing later.
    """

    member: str
    leg: str
    currency: str
    now: Moment
    zone: Zone | None
    day: Moment | None
    day_sales: dict[str, int]
    later: tuple[Later, ...]
    overtake: Overtakes | NeverOvertakes
    alone: Alone
    unsold: tuple[Check, ...]
    assumptions: tuple[str, ...]
