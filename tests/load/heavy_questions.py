"""Measures what heavy questions cost everybody else: ``python -m tests.load.heavy_questions`` (``--national``).

Some visitors ask /api/v1/values about other units each time, as fast as they get answers, while boards are published:
how long until phones have a board, how long a page takes, and what the server's memory does.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from tests.load.served import Served, build_boards, publish
from tests.load.viewers import Clock, Tally, open_streams
from tests.ports import free_port
from wardstats.catalogue.demonstration_national import Size, write_national_demonstration
from wardstats.catalogue.load import load_catalogue
from wardstats.core.settings import settings
from wardstats.live.reader import Reader
from wardstats.snapshot.build import build_snapshot


def main(
    visitors: Annotated[int, typer.Option(help="Those who ask heavy questions, one after the other.")] = 30,
    streams: Annotated[int, typer.Option(help="Viewers of the event stream.")] = 200,
    seconds: Annotated[float, typer.Option(help="How long.")] = 60.0,
    every: Annotated[float, typer.Option(help="Seconds between two publishes.")] = 5.0,
    national: Annotated[bool, typer.Option(help="A made-up folder of national size.")] = False,
    alone: Annotated[bool, typer.Option(help="The live part alone, without Streamlit.")] = False,
    port: Annotated[int | None, typer.Option(help="Where to serve; a free one if not given.")] = None,
    boards: Annotated[Path | None, typer.Option(help="A folder of state with boards, instead of new ones.")] = None,
) -> None:
    """Measure on this machine, with a server of its own."""
    with tempfile.TemporaryDirectory(prefix="wardstats-heavy-") as folder:
        var = boards or Path(folder)
        ids = sorted(path.stem for path in (var / "snapshots").glob("*.duckdb")) or _build(var, national)
        served = Served(var, port or free_port(), with_streamlit=not alone)
        first = publish(var, ids[0], "")
        served.start()
        try:
            print(json.dumps(asyncio.run(_measure(served, ids, first, visitors, streams, seconds, every)), indent=1))
        finally:
            served.stop()


def _build(var: Path, national: bool) -> list[str]:
    if not national:
        return build_boards(var, 2)
    folders = [write_national_demonstration(var / f"data{seed}", Size(months=3), seed=seed) for seed in (1, 2)]
    return [build_snapshot(load_catalogue(folder), var) for folder in folders]


async def _measure(
    served: Served, ids: list[str], first: str, visitors: int, streams: int, seconds: float, every: float
) -> dict[str, Any]:
    clock, tally, asked, pages = Clock({first: time.time()}), Tally(), Counter[str](), []
    units = Reader(settings(var=served.var)).view(ids[0], "vi").frame("unit", language="vi")["unit_code"].tolist()
    viewers = await open_streams(served.port, streams, clock, tally)
    while not all(viewer.key for viewer in viewers):
        await asyncio.sleep(0.1)
    tally.delays.clear()
    tasks = [asyncio.create_task(_ask(served.port, units, random.Random(number), asked)) for number in range(visitors)]
    tasks.append(asyncio.create_task(_look(served.port, pages)))
    memory = [round(served.memory_mb())]
    for number in range(1, round(seconds / every) + 1):
        await asyncio.sleep(every)
        key = await asyncio.to_thread(publish, served.var, ids[number % len(ids)], f"{number}")
        clock.published[key] = datetime.fromisoformat(key.partition("_")[0]).timestamp()
        memory.append(round(served.memory_mb()))
    end = time.time() + 60
    while not all(viewer.key == key for viewer in viewers) and time.time() < end:
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    for viewer in viewers:
        viewer.close()
    return {
        "units": len(units),
        "published_to_stream_p95_each_s": [round(_share(delays, 0.95), 2) for delays in tally.delays.values()],
        "published_to_stream_max_s": round(max(max(delays) for delays in tally.delays.values()), 2),
        "streams_without_newest": sum(viewer.key != key for viewer in viewers),
        "live_page_s": {"median": round(_share(pages, 0.5), 2), "p95": round(_share(pages, 0.95), 2)},
        "heavy_answers": dict(asked),
        "errors": tally.errors,
        "memory_mb": memory,
    }


async def _ask(port: int, units: list[str], chance: random.Random, asked: Counter[str]) -> None:
    """Ask for figures of other units each time: as many as fit into an address."""
    while True:
        chosen = chance.sample(units, min(len(units), chance.randint(max(1, len(units) // 2), len(units)), 800))
        query = "&".join(f"unit={code}" for code in chosen) if chance.random() < 0.7 else f"format=csv&lang={'vi'}"
        status, _ = await _get(port, f"/api/v1/values?{query}")
        asked[status] += 1


async def _look(port: int, seconds: list[float]) -> None:
    """Open the phone page once a second."""
    while True:
        _, took = await _get(port, "/live?lang=vi")
        seconds.append(took)
        await asyncio.sleep(1)


async def _get(port: int, address: str) -> tuple[str, float]:
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    status = (await reader.readline())[9:12].decode("latin-1")
    while await reader.read(262_144):
        pass
    writer.close()
    return status, time.perf_counter() - started


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


if __name__ == "__main__":
    typer.run(main)
    sys.exit(0)
