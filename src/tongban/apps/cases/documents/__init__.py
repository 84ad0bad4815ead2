"""Documents that a case owes its applicant, made from its log: receipt, acceptance, what is missing, decision, …"""

from tongban.apps.cases.documents.compose import compose_letter, render_document
from tongban.apps.cases.documents.owed import CaseDocument, document_number, list_documents

__all__ = ["CaseDocument", "compose_letter", "document_number", "list_documents", "render_document"]
