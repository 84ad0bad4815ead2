"""Finding one of 10,000 matters: names, everyday words, pinyin, first letters and typing mistakes, mixed.

The matters are the demo city's and made-up ones of the same form (a thing, what is done about it, for whom).
Peers get the same texts and the same queries in the same process: SQLite's FTS5 with its trigram tokens and
bm25, and rapidfuzz over all names. `found` is the share of queries whose matter is among the first three; for
words of everyday life the demo city's own phrasings are asked. Latency of ours includes the queries that look
up what is in force; ratios are of processor time (95th percentile), which a busy machine changes less.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from benchmarks._city import city, now, percentile

MATTERS, ASKED, SEED = 10_000, 300, 7
PHRASINGS = Path(__file__).resolve().parents[1] / "tests/apps/catalog/phrasings.yaml"

THINGS = """药品经营|Drug trade;医疗器械|Medical devices;烟草零售|Tobacco retail;道路货运|Road haulage;
网约车|Ride hailing;出租汽车|Taxi;校车|School bus;旅行社|Travel agency;民宿|Guesthouse;
娱乐场所|Entertainment venue;电影放映|Film screening;出版物|Publications;印刷|Printing;
广播电视|Broadcasting;文物保护|Heritage;考古勘探|Archaeology;水土保持|Soil conservation;
取水|Water abstraction;河道采砂|River sand;排污|Discharge;辐射安全|Radiation safety;
危险废物|Hazardous waste;危险化学品|Dangerous chemicals;烟花爆竹|Fireworks;
特种设备|Special equipment;电梯使用|Lift use;气瓶充装|Gas cylinders;计量器具|Measuring instruments;
种子生产|Seed production;农药经营|Pesticides;兽药经营|Veterinary drugs;动物防疫|Animal health;
渔业捕捞|Fishing;林木采伐|Felling;林地占用|Forest land;草原征用|Grassland;
矿产勘查|Mineral exploration;采矿|Mining;地质灾害|Geological hazard;测绘|Surveying;
城市绿化|Urban greening;燃气经营|Gas supply;供水|Water supply;供热|Heating;生活垃圾|Household waste;
建筑垃圾|Building waste;户外广告|Outdoor advertising;人防工程|Civil air defence;
房地产开发|Property development;物业管理|Property management;住房公积金|Housing fund;
劳务派遣|Labour dispatch;人力资源|Human resources;职业培训|Vocational school;
民办学校|Private school;幼儿园|Kindergarten;社会团体|Association;基金会|Foundation;
养老机构|Care home;殡葬设施|Funeral facility;慈善募捐|Fundraising;宗教活动|Religious event;
律师执业|Lawyer;公证员|Notary;司法鉴定|Forensic expert;会计代理|Bookkeeping;拍卖|Auction;
典当|Pawnshop;融资担保|Guarantee company;对外贸易|Foreign trade;外商投资|Foreign investment;
原产地证|Certificate of origin"""
DEEDS = """许可|licence;变更|change;延续|renewal;注销|cancellation;补发|replacement;备案|filing;
登记|registration;年度报告|annual report;资质认定|qualification;复审|review;验收|acceptance;
检验|inspection;收费减免|fee relief;信息更正|correction"""
WHOM = """个人|for a person;企业|for a company;个体户|for a sole trader;学校|for a school;医院|for a hospital;
村集体|for a village;外资|for a foreign firm;小微企业|for a small firm;社会组织|for an association;
机关|for an authority"""


def main() -> None:
    """Print search.whole, search.rank, search.suggest, with their ratios to the peers."""
    with city():
        from tongban.apps.catalog import searching
        from tongban.apps.catalog.models import Matter
        from tongban.apps.catalog.queries import find_matters, suggest

        _fill()
        today = now().date()
        rows = list(Matter.objects.order_by("pk").values_list("pk", "search_text"))
        started = time.perf_counter()
        searching.rank("营业执照", on=today)
        print(f"{len(rows):,} matters indexed in {time.perf_counter() - started:.1f} s, once after a publication.")
        asked = list(_asked(rows))
        print(f"{len(asked)} queries: {', '.join(text for text, _ in asked[:8])} …")
        peers = {"fts5": _fts5(rows), "rapidfuzz": _rapidfuzz(rows)}
        ours: dict[str, Callable[[str], list[str]]] = {
            "whole": lambda text: [row.code for row in find_matters(on=today, text=text).page.items],
            "rank": lambda text: searching.rank(text, on=today).codes,
            "suggest": lambda text: [row.code for row in suggest(text=text, on=today)],
        }
        times = {name: _measure(ask, asked) for name, ask in {**peers, **ours}.items()}
        for name, (p50, p95, cpu, found) in times.items():
            ratios = "".join(
                f" {peer}_cpu={times[peer][2]:.1f}ms ratio={times[peer][2] / cpu:.2f}" for peer in peers if name in ours
            )
            print(f"search.{name} p50={p50:.1f}ms p95={p95:.1f}ms cpu_p95={cpu:.1f}ms found={found:.1%}{ratios}")


def _fill() -> None:
    from tongban.apps.catalog.models import Matter, MatterVersion
    from tongban.apps.catalog.searching.sounds import syllables
    from tongban.apps.people.models import Department

    def cut(text: str) -> list[list[str]]:
        return [each.strip().split("|") for each in text.split(";")]

    authorities = list(Department.objects.values_list("pk", flat=True))
    pick = random.Random(SEED)
    made: list[Matter] = []
    for number, (thing, deed, whom) in enumerate(
        (thing, deed, whom) for thing in cut(THINGS) for deed in cut(DEEDS) for whom in cut(WHOM)
    ):
        zh, en = f"{thing[0]}{deed[0]}（{whom[0]}）", f"{thing[1]} {deed[1]} {whom[1]}"
        keywords = (f"{thing[0]}证", f"办{thing[0]}{deed[0]}", thing[1].lower(), f"{thing[1]} {deed[1]}".lower())
        summary = (
            f"{whom[0]}办理{thing[0]}的{deed[0]}，网上填表，当场受理。",
            f"{en}: fill in a form, and that is all.",
        )
        sounds = [" ".join(syllables(run)) for run in (f"{thing[0]}{deed[0]}", whom[0], *keywords[:2])]
        lines = ((zh, en), keywords, summary, (), sounds)
        made.append(
            Matter(
                code=f"made-{number:05d}",
                authority_id=pick.choice(authorities),
                name_zh=zh,
                name_en=en,
                summary_zh=summary[0],
                summary_en=summary[1],
                icon="file",
                kind="promised",
                topics=["business"],
                served=["1", "2"],
                search_text="\n".join("\t".join(line) for line in lines),
            )
        )
    made = made[: MATTERS - Matter.objects.count()]
    Matter.objects.bulk_create(made, batch_size=500)
    MatterVersion.objects.bulk_create(
        (
            MatterVersion(
                matter=each,
                version=1,
                effective_from=now().date(),
                published_at=now(),
                published_by="bench",
                digest="",
                files={},
            )
            for each in made
        ),
        batch_size=500,
    )


def _asked(rows: list[tuple[str, str]]) -> Iterator[tuple[str, set[str]]]:
    """Queries, each with the matters of which one is meant; of made-up matters all of the same thing and deed."""
    from pypinyin import lazy_pinyin

    pick = random.Random(SEED)
    phrasings = yaml.safe_load(PHRASINGS.read_text("utf-8"))
    daily = [
        (str(typed), set(wanted.split("|")))
        for matters in phrasings.values()
        for wanted, listed in matters.items()
        for typed in listed
    ]
    alike: dict[str, set[str]] = {}
    for code, text in rows:
        alike.setdefault(text.split("\t", 1)[0].split("（")[0], set()).add(code)
    made = [(text, wanted) for text, wanted in alike.items() if any(code.startswith("made-") for code in wanted)]
    english = {code: text.split("\n")[0].split("\t")[1] for code, text in rows}

    def mistyped(word: str) -> str:
        at = pick.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    kinds: tuple[Callable[[str, set[str]], str], ...] = (
        lambda text, wanted: text,
        lambda text, wanted: f"怎么办理{text}",
        lambda text, wanted: "".join(lazy_pinyin(text)),
        lambda text, wanted: "".join(each[0] for each in lazy_pinyin(text)),
        lambda text, wanted: english[min(wanted)].rsplit(" for ", 1)[0],
        lambda text, wanted: " ".join(
            mistyped(word) if len(word) > 5 else word for word in english[min(wanted)].rsplit(" for ", 1)[0].split()
        ),
    )
    mixed = pick.sample(daily, min(len(daily), ASKED // 2))
    for number in range(ASKED - len(mixed)):
        text, wanted = pick.choice(made)
        mixed.append((kinds[number % len(kinds)](text, wanted), wanted))
    pick.shuffle(mixed)
    yield from mixed


def _measure(ask: Callable[[str], list[str]], asked: list[tuple[str, set[str]]]) -> tuple[float, float, float, float]:
    taken, worked, right = [], [], 0
    for text, _ in asked[:20]:
        ask(text)
    for text, wanted in asked:
        started, begun = time.perf_counter(), time.process_time()
        found = ask(text)
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - begun) * 1000)
        right += bool(wanted & set(found[:3]))
    return percentile(taken, 0.5), percentile(taken, 0.95), percentile(worked, 0.95), right / len(asked)


def _fts5(rows: list[tuple[str, str]]) -> Callable[[str], list[str]]:
    held = sqlite3.connect(":memory:")
    held.execute("CREATE VIRTUAL TABLE matter USING fts5(code UNINDEXED, words, tokenize='trigram')")
    held.executemany("INSERT INTO matter VALUES (?, ?)", rows)

    def ask(text: str) -> list[str]:
        plain = text.lower()
        grams = {plain[at : at + 3].replace('"', '""') for at in range(max(1, len(plain) - 2))}
        wanted = " OR ".join(f'"{gram}"' for gram in grams)
        return [
            code
            for (code,) in held.execute(
                "SELECT code FROM matter WHERE matter MATCH ? ORDER BY rank LIMIT 20", (wanted,)
            )
        ]

    return ask


def _rapidfuzz(rows: list[tuple[str, str]]) -> Callable[[str], list[str]]:
    from rapidfuzz import fuzz, process

    names = [name.lower() for _, text in rows for name in text.split("\n")[0].split("\t")]
    codes = [code for code, _ in rows for _ in range(2)]

    def ask(text: str) -> list[str]:
        found = process.extract(text.lower(), names, scorer=fuzz.WRatio, limit=20)
        return list(dict.fromkeys(codes[place] for _, _, place in found))

    return ask


if __name__ == "__main__":
    main()
