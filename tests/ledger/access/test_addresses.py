"""Whose address it is: the identities that a provider may vouch for, honest and look-alike."""

from __future__ import annotations

from typing import Any

import pytest

from wardstats.ledger.access import actor_of, address_key, identity_key, read_people

ISSUER = "https://id.test"
SECRETARIAT, CHECKER = "secretariat@block.test", "checker@block.test"
PEOPLE = f"""
issuers = ["{ISSUER}"]
claim = "groups"
[[person]]
email = "{SECRETARIAT}"
role = "secretariat"
[[person]]
email = "{CHECKER}"
role = "checker"
[[person]]
subject = "4711"
role = "ward_officer"
unit = "03006"
[[grant]]
value = "admins"
role = "administrator"
"""
SAME = [SECRETARIAT, "Secretariat@Block.Test", "SECRETARIAT@BLOCK.TEST"]
LOOK_ALIKES = {
    "long s": "\u017fecretariat@block.test",
    "Kelvin sign": "chec\u212aer@block.test",
    "Cyrillic e": "s\u0435cretariat@block.test",
    "Cyrillic s": "\u0455ecretariat@block.test",
    "Greek omicron": "secretariat@bl\u03bfck.test",
    "Cherokee": "se\u13cfretariat@block.test",
    "dotless i": "secretar\u0131at@block.test",
    "capital dotted I": "SECRETAR\u0130AT@block.test",
    "ligature": "secretariat@\ufb02ock.test",
    "fullwidth letter": "\uff53ecretariat@block.test",
    "fullwidth at": "secretariat\uff20block.test",
    "fullwidth stop": "secretariat@block\uff0etest",
    "ideographic stop": "secretariat@block\u3002test",
    "small capital": "secretari\u1d00t@block.test",
    "mathematical": "\U0001d42cecretariat@block.test",
    "circled": "\u24e2ecretariat@block.test",
    "sharp s for ss": "\u00dfecretariat@block.test",
    "combining mark": "se\u0301cretariat@block.test",
    "composed mark": "s\u00e9cretariat@block.test",
    "zero-width space": "secretariat\u200b@block.test",
    "zero-width joiner": "secre\u200dtariat@block.test",
    "soft hyphen": "secre\u00adtariat@block.test",
    "byte order mark": "\ufeffsecretariat@block.test",
    "right-to-left override": "\u202esecretariat@block.test",
    "variation selector": "secretariat\ufe0f@block.test",
    "NUL": "secretariat@block.test\x00",
    "line end": "secretariat@block.test\n",
    "leading space": " secretariat@block.test",
    "trailing space": "secretariat@block.test ",
    "no-break space": "secretariat@block.test\u00a0",
    "em space": "\u2003secretariat@block.test",
    "tab": "secretariat\t@block.test",
    "comment": "secretariat(x)@block.test",
    "quoted": '"secretariat"@block.test',
    "escaped": "secreta\\riat@block.test",
    "display name": "Secretariat <secretariat@block.test>",
    "two addresses": "secretariat@block.test,evil@evil.test",
    "two at signs": "secretariat@block.test@evil.test",
    "tag": "secretariat+x@block.test",
    "stop in front": ".secretariat@block.test",
    "two stops": "secretariat@block..test",
    "root stop": "secretariat@block.test.",
    "longer domain": "secretariat@block.test.evil.test",
    "shorter domain": "secretariat@test",
    "punycode look-alike": "secretariat@xn--blck-5qa.test",
    "domain by number": "secretariat@[127.0.0.1]",
    "percent": "secretariat%40block.test",
    "homoglyph 1": "secretar1at@block.test",
    "route": "@evil.test:secretariat@block.test",
    "too long": "s" * 250 + "@block.test",
    "empty": "",
    "only at": "@",
    "list": [SECRETARIAT],
    "mapping": {"value": SECRETARIAT},
    "number": 1,
    "true": True,
    "nothing": None,
    "bytes": SECRETARIAT.encode(),
}
UNVERIFIED = {"no claim": None, "false": False, "text": "true", "number": 1, "list": [True], "mapping": {"x": True}}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("access") / "access.toml"
    path.write_text(PEOPLE, encoding="utf-8")
    return read_people(path)


def claims(email: object, **more: object) -> dict[str, object]:
    return {"iss": ISSUER, "sub": "9", "email": email, "email_verified": True} | more


@pytest.mark.parametrize("email", SAME)
def test_one_address_in_any_case_is_one_person_and_stays_as_it_was_verified(people: Any, email: str) -> None:
    actor = actor_of(claims(email), people)
    assert actor.role == "secretariat"
    assert actor.identity == email
    assert identity_key(actor.identity) == SECRETARIAT


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize("email", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_a_look_alike_is_nobody_and_is_never_named_like_somebody(people: Any, email: object) -> None:
    for actor in (actor_of(claims(email), people), actor_of(claims(email, groups=["admins"]), people)):
        assert actor.role in ("viewer", "administrator")
        assert identity_key(actor.identity) not in (SECRETARIAT, CHECKER)
        assert actor.identity.isascii()
    assert actor_of(claims(email), people).role == "viewer"


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize("verified", UNVERIFIED.values(), ids=UNVERIFIED)
def test_an_address_that_nobody_verified_is_nobody(people: Any, verified: object) -> None:
    actor = actor_of(claims(SECRETARIAT, email_verified=verified), people)
    assert actor.role == "viewer"
    by_claim = actor_of(claims(SECRETARIAT, email_verified=verified, groups=["admins"]), people)
    assert (by_claim.role, by_claim.identity) == ("administrator", "9")


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize("subject", [SECRETARIAT, "4711@x", "\u017fecretariat@block.test", "SECRETARIAT@block.test"])
def test_a_sub_like_an_address_is_not_taken_for_one(people: Any, subject: str) -> None:
    found = actor_of({"iss": ISSUER, "sub": subject}, people)
    granted = actor_of({"iss": ISSUER, "sub": subject, "groups": ["admins"]}, people)
    assert found.role == "viewer"
    assert granted.identity == f"sub {subject}"


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize(
    "groups", ["admin\u017f", "Admins", " admins", "admins ", ["\uff41dmins"], [["admins"]], {"a": 1}]
)
def test_a_claim_like_the_granted_one_grants_nothing(people: Any, groups: object) -> None:
    assert actor_of({"iss": ISSUER, "sub": "9", "groups": groups}, people).role == "viewer"


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize("issuer", [None, "", "https://id.test/", "https://ID.test", "http://id.test", [ISSUER], 1])
def test_another_issuer_vouches_for_nobody(people: Any, issuer: object) -> None:
    assert actor_of(claims(SECRETARIAT, iss=issuer), people).role == "viewer"
    assert actor_of({"iss": issuer, "sub": "4711"}, people).role == "viewer"


def test_the_keys_of_addresses() -> None:
    assert address_key("An.Officer@SaPa.Test") == "an.officer@sapa.test"
    assert address_key("o'brien+x@a-b.xn--4gbrim.test") == "o'brien+x@a-b.xn--4gbrim.test"
    assert identity_key("Nguyễn Văn An") == "Nguyễn Văn An"
