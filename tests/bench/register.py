"""Recording and verifying, beside the bare cryptography of the same entries. The processor's time is this process's, without the database's."""

import hashlib
import time

from tests.bench import ground

ground.stand()

from django.db import connections, transaction  # noqa: E402

from backend.people.actor import Actor  # noqa: E402
from backend.register import canonical, seal  # noqa: E402
from backend.register.entries import open_chain, record  # noqa: E402
from backend.register.models import Chain, Entry, Sealed  # noqa: E402
from backend.register.sealing import seal_all, seal_changed  # noqa: E402
from backend.register.verify import verify  # noqa: E402
from backend.register.verify_seals import verify_heads, verify_seals  # noqa: E402

CHAINS, LENGTH = ground.number("CHAINS", 100), 50
COUNT = CHAINS * LENGTH
FAST = 50_000  # entries a second of one core: what verification aims at


def fill() -> None:
    actor = Actor(user_id=None, name="Commun Accord")
    for _ in range(CHAINS):
        chain = open_chain()
        for number in range(LENGTH):
            with transaction.atomic():
                locked = Chain.objects.locked(pk=chain.pk)
                record(
                    locked,
                    "exhibit.communicated",
                    actor,
                    about=chain,
                    digests={"exhibit": "ab" * 32},
                    facts={"number": number},
                    audience=["court"],
                )


def main() -> None:
    began = time.perf_counter()
    fill()
    ground.say(ground.Result("record an entry, one transaction each", f"{COUNT / (time.perf_counter() - began):,.0f} a second"))
    rows = list(Entry.objects.order_by("chain", "seq").values_list("previous", "payload", "hash", "signature", "key_id"))

    def bare(step: int) -> None:
        for previous, payload, *_ in rows:
            hashlib.sha256(canonical.ENTRY + previous + hashlib.sha256(payload).digest()).digest()
        for _, _, digest, signature, key_id in rows[step - 1 :: step]:
            assert seal.verifies(key_id, digest, signature)

    for name, every, step, aim in (("the last signature of each chain", False, LENGTH, FAST), ("every signature", True, 1, None)):
        wall, processor = ground.clocked(lambda every=every: list(verify(all_signatures=every)), 5)
        alone = ground.clocked(lambda step=step: bare(step), 5)[1]
        rate = COUNT / processor
        said = f"{rate:,.0f} entries a second of one core ({COUNT / wall:,.0f} by the clock)"
        ground.say(
            ground.Result(f"verify, {name}", said, f"an aim of {aim:,}" if aim else "", aim / rate if aim else None, 1.0 if aim else None),
            ground.against(f"verify, {name}, processor", processor, alone, "the hashes and signatures alone"),
        )
    sealed()


def sealed() -> None:
    """Seals over `HEADS` chains of one entry each, made in the database: what a beat costs then, and what the check of all seals."""
    heads = ground.number("HEADS", 20_000)
    template = Entry.objects.order_by("chain", "seq").first()
    with connections["migrator"].cursor() as cursor:
        for table in ("entry", "chain"):
            cursor.execute(f"ALTER TABLE register_{table} DISABLE TRIGGER USER")
        cursor.execute("INSERT INTO register_chain SELECT uuidv7(), 1, %s, now() FROM generate_series(1, %s)", [template.hash, heads])
        names = ", ".join(field.column for field in Entry._meta.fields if field.column not in ("id", "chain_id", "seq"))
        cursor.execute(
            f"INSERT INTO register_entry (id, chain_id, seq, {names}) SELECT uuidv7(), c.id, 1, {names}"
            " FROM register_chain c, (SELECT * FROM register_entry WHERE id = %s) e"
            " WHERE NOT EXISTS (SELECT FROM register_entry WHERE chain_id = c.id)",
            [template.pk],
        )
        for table in ("entry", "chain"):
            cursor.execute(f"ALTER TABLE register_{table} ENABLE ALWAYS TRIGGER {table}_kept")
    began = time.perf_counter()
    seal_changed()
    count, taken = Sealed.objects.count(), time.perf_counter() - began
    ground.say(ground.Result(f"seal {count:,} heads", f"{ground.spelled(taken)}, {count / taken:,.0f} a second"))
    for name, work in (
        ("a beat where nothing went on", seal_changed),
        ("the night, where nothing went on", seal_all),
        ("verify the seals", verify_seals),
        ("hold the chains against them", lambda: list(verify_heads())),
    ):
        ground.say(ground.Result(f"{name}, {count:,} heads", ground.spelled(ground.seconds(work, 3))))


if __name__ == "__main__":
    main()
