"""Tables: one module a noun. Volumes are hundredths of a point as bigint; nothing here is computed."""

from backend.store.tables.access import Session, SignInLink
from backend.store.tables.company import Company
from backend.store.tables.former import FormerAmount, FormerStanding
from backend.store.tables.intake import AcceptedEvent, ControlTotal, HeldEvent, Lack, WithdrawnEvent
from backend.store.tables.member import Customer, Departure, Enrolment, Member, Placement, StatedFact
from backend.store.tables.order import OrderedProduct, SalesOrder, Shop, VolumeEntry
from backend.store.tables.period import AdjustmentLine, CloseDifference, ClosedLine, ClosedPeriod
from backend.store.tables.product import BundlePart, Product, ProductPrice
from backend.store.tables.standing import CompanyStanding, LastProjection, MemberStanding

__all__ = [
    "AcceptedEvent",
    "AdjustmentLine",
    "BundlePart",
    "CloseDifference",
    "ClosedLine",
    "ClosedPeriod",
    "Company",
    "CompanyStanding",
    "ControlTotal",
    "Customer",
    "Departure",
    "Enrolment",
    "FormerAmount",
    "FormerStanding",
    "HeldEvent",
    "Lack",
    "LastProjection",
    "Member",
    "MemberStanding",
    "OrderedProduct",
    "Placement",
    "Product",
    "ProductPrice",
    "SalesOrder",
    "Session",
    "Shop",
    "SignInLink",
    "StatedFact",
    "VolumeEntry",
    "WithdrawnEvent",
]
