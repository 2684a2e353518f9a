"""Tables: one module a noun. Volumes are hundredths of a point as bigint; nothing here is computed."""

from backend.store.tables.access import Session, SignInLink
from backend.store.tables.company import Company
from backend.store.tables.member import Member, Placement, StatedFact
from backend.store.tables.order import OrderedProduct, SalesOrder, Shop, VolumeEntry
from backend.store.tables.standing import CompanyStanding, MemberStanding

__all__ = [
    "Company",
    "CompanyStanding",
    "Member",
    "MemberStanding",
    "OrderedProduct",
    "Placement",
    "SalesOrder",
    "Session",
    "Shop",
    "SignInLink",
    "StatedFact",
    "VolumeEntry",
]
