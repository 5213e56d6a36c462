"""Who may do what: the roles, their rights, and the file that gives roles to people.

Rights are checked where the work is done (``require``), by the functions of ``wardstats.intake``; a page that hides a
button only spares a refusal. Knows nothing of pages, cookies or sign-in: those make an ``Actor`` and hand it over.
"""

from wardstats.ledger.access.addresses import address_key, identity_key
from wardstats.ledger.access.people import (
    PeopleError,
    actor_of,
    is_administrator_of_before,
    people_path,
    read_people,
)
from wardstats.ledger.access.rate import RateError, RateLimit
from wardstats.ledger.access.rights import (
    ACTIONS,
    RIGHTS,
    ROLES,
    AccessError,
    Action,
    Actor,
    local_administrator,
    may,
    require,
)
