"""Read a person's question about the ledger as a typed query, by local rules alone.

`reading` is the way in. It cuts the text into words (`sentence`), finds the cues of each language's
pack (`lexicon`, `packs/`), the periods (`periods`), the amounts (`amounts`) and the names of the chat
(`names`), and composes one `Query` of them. A later turn of the talk patches it (`followups`).
"""

from ledger.inquiries.query import Query, QueryFilter
from ledger.inquiries.reading import InquiryContext, Names, read_inquiry

__all__ = ["InquiryContext", "Names", "Query", "QueryFilter", "read_inquiry"]
