"""The small block with a dozen faults planted at once, and the places where a report must name them."""

from __future__ import annotations

from tests.small_block import Folder

# (file, start of the line or None, column, a part of what was found)
Place = tuple[str, str | None, str | None, str]


def plant_faults(small: Folder) -> list[Place]:
    """Spoil a copy of the small block; return the places of the faults."""
    values = "values/2026.csv"
    small.append(
        values,
        "w77,files_on_time,2026-05,50,,,official,portal,",
        "w01,files_on_time,2026-04,80,,,official,portal,",
        "w02,files_on_time,2026-05,eighty,,,official,portal,",
        "w03,files_on_time,2026-13,50,,,official,portal,",
        "w03,files_on_time,2026-06,101,,,official,portal,",
        "w03,files_on_time,2026-07,NaN,,,official,portal,",
        "w03,files_on_time,2026-08,50,,,official,,",
    )
    small.append("block.toml", "[years.2027]", 'criteria = "criteria/2027.csv"', "is_sample = true", 'missing = "zero"')
    small.replace("benchmarks.csv", "area_name,", "area,")
    small.replace("themes.csv", "files,service,Hồ sơ,Files,अभिलेख,1,", "files,service,Hồ sơ,Files,अभिलेख,,")
    small.replace("units.csv", "w02,Ân Hà", "w02,A\u0302n Hà")
    return [
        ("benchmarks.csv", "area", "area", "unknown column"),
        ("benchmarks.csv", "area", "area_name", "no such column"),
        ("criteria/2027.csv", None, None, "no such file"),
        ("themes.csv", "files", "weight", "nothing"),
        ("units.csv", "w02", "name_vi", "n Hà"),
        (values, "w77,", "unit_code", "w77"),
        (values, "w01,files_on_time,2026-04,80,,", "unit_code, indicator_code, period", "w01 files_on_time 2026-04"),
        (values, "w02,files_on_time,2026-05", "value", "eighty"),
        (values, "w03,files_on_time,2026-13", "period", "2026-13"),
        (values, "w03,files_on_time,2026-06", "value", "101"),
        (values, "w03,files_on_time,2026-07", "value", "NaN"),
        (values, "w03,files_on_time,2026-08", "source_id", "nothing"),
    ]


def add_harmless_oddities(small: Folder) -> None:
    """Give files a byte order mark and the line ends of Windows, which are accepted."""
    for file in ("indicators.csv", "values/2025.csv", "sources.toml", "criteria/2026.csv"):
        path = small.path / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
