"""Who takes the money: an interface, and the provider that the city has."""

from tongban.apps.payments.providers.interface import Checkout, Line, Provider, Seen, Statement
from tongban.apps.payments.providers.registry import get_provider, is_on

__all__ = ["Checkout", "Line", "Provider", "Seen", "Statement", "get_provider", "is_on"]
