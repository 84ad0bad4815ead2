"""Somebody at a device of their own: they sign in by hand there, and the service worker has the page."""

from tests.e2e.reader import Reader

__all__ = ["arrives", "is_served", "signs_in"]


def arrives(reader: Reader, name: str, *, own_device: bool = True) -> None:
    """Sign in by hand, here, as on a device of one's own or on one that others use."""
    reader.go("/account/login/")
    signs_in(reader, name, own_device=own_device)
    is_served(reader)


def signs_in(reader: Reader, name: str, *, own_device: bool = True) -> None:
    """On the page to sign in at."""
    if own_device:
        reader.page.get_by_label(reader.say("Stay signed in on this device")).check()
    reader.sign_in(name)


def is_served(reader: Reader) -> None:
    """The service worker has this page."""
    reader.page.evaluate(
        "async () => { await navigator.serviceWorker.ready;"
        " if (!navigator.serviceWorker.controller) await new Promise(done =>"
        " navigator.serviceWorker.addEventListener('controllerchange', done, {once: true})) }"
    )
