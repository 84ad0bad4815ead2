"""Reads of neighbours: who they are, and which keys are about to end."""

from tongban.apps.neighbours.directory import Neighbour, get_neighbour, get_neighbours
from tongban.apps.neighbours.keys import SOON, KeyRow, document, list_keys

__all__ = ["SOON", "KeyRow", "Neighbour", "document", "get_neighbour", "get_neighbours", "list_keys"]
