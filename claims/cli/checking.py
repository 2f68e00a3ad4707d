"""The commands for checkers: decide on claims, review them, see what happened to them."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from claims.cli.shared import StandardOutput, counted, database, plain

if TYPE_CHECKING:
    from claims.reviews import Review
    from claims.store import Store
    from claims.store.triage import Decision

T = TypeVar("T")


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a system that doesn't know who is logged in
        return "command line"


actor_option = click.option(
    "--actor",
    default=_login_name,
    show_default="your login name",
    help="Who does this, for the history.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command(short_help="Accept claims: they are claims, and said by whom they say.")
@click.argument("claims", nargs=-1, required=True, type=click.IntRange(min=1), metavar="CLAIM...")
@database
@actor_option
@json_option
def accept(claims: tuple[int, ...], db: str, actor: str, as_json: bool) -> None:
    """Accept claims, by their ids: all of them, or none where one can't be."""
    _decide(db, actor, claims, "accept", as_json)


@click.command(short_help="Reject claims: no claims, or not said like that.")
@click.argument("claims", nargs=-1, required=True, type=click.IntRange(min=1), metavar="CLAIM...")
@database
@actor_option
@json_option
def reject(claims: tuple[int, ...], db: str, actor: str, as_json: bool) -> None:
    """Reject claims, by their ids: all of them, or none where one can't be."""
    _decide(db, actor, claims, "reject", as_json)


def _decide(
    db: str, actor: str, claims: tuple[int, ...], decision: Decision, as_json: bool
) -> None:
    from claims.store.triage import decide

    changed = _on(db, lambda store: decide(store, actor, claims, decision))
    done = "accepted" if decision == "accept" else "rejected"
    if as_json:
        _print_json({"status": done, "claims": changed})
    else:
        click.echo(f"{done.capitalize()} {counted(len(changed), 'claim')}.")


@click.command(short_help="Take back the last accept or reject.")
@database
@actor_option
@json_option
def undo(db: str, actor: str, as_json: bool) -> None:
    """Take back your last decision about claims, made here or on the desk's pages."""
    from claims.store.acting import undo as take_back

    done = _on(db, lambda store: take_back(store, actor))
    if as_json:
        _print_json(done)
    else:
        click.echo(f"Undone: {done['action']}.")


@click.command(short_help="Review claims: a verdict, and what it rests on.")
@click.argument("claims", nargs=-1, required=True, type=click.IntRange(min=1), metavar="CLAIM...")
@database
@click.option("--verdict", help="One of the database's verdicts, like false or half true.")
@click.option("--summary", help="Why, in a few sentences.")
@click.option("--evidence", "evidence", multiple=True, metavar="URL", help="What it rests on.")
@click.option("--supports", multiple=True, metavar="URL", help="Evidence that supports the claim.")
@click.option("--refutes", multiple=True, metavar="URL", help="Evidence that refutes it.")
@click.option("--fragment", help="The part of the claim that is reviewed, in its words.")
@click.option("--context", help="What a true claim leaves out, so that it misleads.")
@click.option("--context-url", metavar="URL", help="Where that can be read.")
@click.option("--url", metavar="URL", help="Where the review itself is published.")
@click.option("--reviewer", help="The name that readers see.  [default: as --actor]")
@click.option("--draft", is_flag=True, help="Save it without publishing.")
@actor_option
@json_option
def review(
    claims: tuple[int, ...], db: str, actor: str, draft: bool, as_json: bool, **said: Any
) -> None:
    """Review one claim, or several that one verdict settles, by their ids.

    The review is published, and the claims are checked; --draft keeps it between checkers, who
    find it on the desk.
    """
    from claims.store.drafts import save_draft
    from claims.store.reviewing import publish

    if said["fragment"] and len(claims) > 1:
        raise click.BadParameter("is a part of one claim; name one", param_hint="--fragment")

    def act(store: Store) -> dict[str, Any]:
        written = _review(store, claims, said)
        if draft:
            return {"draft": save_draft(store, actor, written), "claims": list(claims)}
        done = publish(store, actor, written, reviewer=said["reviewer"] or None)
        return {"review": done, "claims": list(claims)}

    done = _on(db, act)
    if as_json:
        _print_json(done)
    elif draft:
        click.echo(f"Saved as draft {done['draft']}; nobody but checkers sees it.")
    else:
        click.echo(f"Published as review {done['review']} of {counted(len(claims), 'claim')}.")


def _review(store: Store, claims: tuple[int, ...], said: dict[str, Any]) -> Review:
    from claims.reviews import Evidence, Review, Reviewed
    from claims.store.reviewing import fragment

    settled = tuple(Reviewed(claim_id) for claim_id in dict.fromkeys(claims))
    if said["fragment"]:
        settled = (fragment(store, claims[0], said["fragment"]),)
    evidence = [
        *(Evidence(url) for url in said["evidence"]),
        *(Evidence(url, stance="supports") for url in said["supports"]),
        *(Evidence(url, stance="refutes") for url in said["refutes"]),
    ]
    fields = {key: said[key] for key in ("verdict", "summary", "context", "context_url", "url")}
    return Review(settled, evidence=tuple(evidence), **fields)


@click.command(short_help="What happened to a claim, and who did it.")
@click.argument("claim", required=False, type=click.IntRange(min=1))
@database
@click.option("--limit", type=click.IntRange(min=1), default=1000, help="The latest so many.")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON lines.")
def history(claim: int | None, db: str, limit: int, as_json: bool) -> None:
    """Print every change of a CLAIM and its reviews, the oldest first; or of everything."""
    from claims.store.past import history as of

    for change in _on(db, lambda store: of(store, claim, limit)):
        if as_json:
            _print_json(change)
            continue
        changes = "; ".join(
            f"{key}: {_shown(before)} → {_shown(after)}"
            for key, (before, after) in change["changes"].items()
        )
        row = f"{change['table_name']} {change['row_id']}"
        cells = (change["at"], change["actor"], change["action"], row, changes)
        click.echo("\t".join(plain(str(cell)) for cell in cells))


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)


def _on(db: str, act: Callable[[Store], T]) -> T:
    from claims.store import Store

    store = Store.open(db, create=False)
    try:
        return act(store)
    finally:
        store.close()


def _print_json(value: object) -> None:
    StandardOutput().write(json.dumps(value, ensure_ascii=False) + "\n")
