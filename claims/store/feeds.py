"""The feeds that are read again and again: their table, and which entries were read before.

The part of the store that is about feeds.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.errors import ClaimsError
from claims.store import Store


@dataclass(frozen=True, slots=True)
class Subscription:
    """One row of ``feeds``; ``etag`` and ``modified`` are what its host said of it last."""

    id: int
    url: str
    title: str | None
    outlet: str | None
    follow: int
    etag: str | None
    modified: str | None
    read_at: str | None


_COLUMNS = ("id", "url", "title", "outlet", "follow", "etag", "modified", "read_at")


def add(store: Store, url: str, outlet: str | None, *, follow: bool) -> bool:
    """Note a feed; whether it is new. A known one takes over what is said now."""
    with store.transaction() as connection:
        is_new = connection.execute("select 1 from feeds where url = ?", (url,)).fetchone() is None
        connection.execute(
            "insert into feeds (url, outlet, follow) values (?, ?, ?) on conflict (url) do update "
            "set outlet = coalesce(excluded.outlet, outlet), follow = excluded.follow",
            (url, outlet, int(follow)),
        )
    return is_new


def remove(store: Store, url: str) -> None:
    """Forget a feed; its articles stay. Raises ClaimsError for one that isn't there."""
    with store.transaction() as connection:
        if not connection.execute("delete from feeds where url = ?", (url,)).rowcount:
            raise ClaimsError(f"{url}: there is no such feed; `claims feeds list` shows them")


def subscriptions(store: Store, urls: tuple[str, ...] = ()) -> list[Subscription]:
    """All feeds, or those of these addresses. Raises ClaimsError for one that isn't there."""
    rows = store.db.execute(f"select {', '.join(_COLUMNS)} from feeds order by id").fetchall()  # noqa: S608
    found = [Subscription(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    missing = set(urls) - {feed.url for feed in found}
    if missing:
        raise ClaimsError(f"{min(missing)}: there is no such feed; add it with `claims feeds add`")
    return [feed for feed in found if not urls or feed.url in urls]


def entries(store: Store, feed_id: int) -> dict[str, str | None]:
    """When each entry that was read before had been changed last, by the entry's key."""
    found = store.db.execute(
        "select entry, updated from feed_entries where feed_id = ?", (feed_id,)
    )
    return dict(found.fetchall())


def note_entry(store: Store, feed_id: int, entry: str, updated: str | None) -> None:
    """Note that an entry was read."""
    with store.transaction() as connection:
        connection.execute(
            "insert into feed_entries (feed_id, entry, updated) values (?, ?, ?) "
            "on conflict (feed_id, entry) do update set updated = excluded.updated",
            (feed_id, entry, updated),
        )


def note_reading(
    store: Store, feed_id: int, title: str | None, etag: str | None, modified: str | None
) -> None:
    """Note that a feed was read, and what is to be sent the next time."""
    with store.transaction() as connection:
        connection.execute(
            "update feeds set read_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), "
            "title = coalesce(?, title), etag = ?, modified = ? where id = ?",
            (title, etag, modified, feed_id),
        )
