"""The block's book: every hand-in, check, acceptance, harvest and publication, one file an entry, never changed.

Each entry holds the digest of the one before (a hash chain), so that ``verify`` can prove that nothing was altered or
removed, and the seal says which is the last. The file format is described in docs/ledger.md.
"""

from wardstats.ledger.book import Ledger, ledger_of
from wardstats.ledger.entry import Attachment, Change, Draft, Entry, Figure, LedgerError, StaleError
from wardstats.ledger.loss import accept_loss
