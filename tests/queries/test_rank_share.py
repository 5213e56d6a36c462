"""Shares of the weight draws: each member's add up to one, and agree with the published order where it is safe."""

from __future__ import annotations

import pytest

from wardstats.snapshot.store import Snapshot


def test_shares_of_a_member_add_up_to_one(laocai: Snapshot) -> None:
    shares = laocai.query("rank_share", period="2026-10", node="total")
    assert shares["unit_code"].nunique() == 10
    assert shares.groupby("unit_code")["share"].sum().tolist() == pytest.approx([1.0] * 10)
    assert shares["rank"].between(1, 10).all()


def test_the_mean_place_is_that_of_the_shares(laocai: Snapshot) -> None:
    shares = laocai.query("rank_share", period="2026-10", node="social_security")
    mean = (shares["rank"] * shares["share"]).groupby(shares["unit_code"]).sum()
    ranges = laocai.query("rank_range", period="2026-10", node="social_security").set_index("unit_code")
    assert ranges["rank_mean"].to_dict() == pytest.approx(mean.to_dict())
