"""Register, confirm and remove the address of a person in a ledger (`/settings email`).

Only a code is sent to an address before the code was typed here, and that mail has no word that a person
can choose, so it carries no message of theirs to strangers.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ledger.errors import InputError, NotFoundError
from ledger.mail_address import parse_address
from ledger.rate_limits import Buckets, Policy
from ledger.text.vocabulary import vocabulary_of
from ports.answers.mail import MailShown
from ports.mail import MailAddress, MailOffer
from ports.repositories import Repositories
from services.access.secret_ids import digest_of, is_secret, new_secret
from services.ids import new_id
from services.scope import Scope

CODE_LIFE = timedelta(minutes=30)
TRIES = 5
"""Wrong codes; with six digits one guess in 200,000 succeeds."""
CODES = Policy("codes", quota=5, window_seconds=86_400)
"""Codes a day for a person, and for an address, whoever asks for them."""
STOP_PATH = "/mail/stop"
"""The path whose end ends the weekly mail of an address."""
_CODE = re.compile(r"\d{6}")
_PURPOSE = "mail-code"


@dataclass(frozen=True, slots=True)
class MailDesk:
    """Keeps the addresses of people."""

    offer: MailOffer = field(default_factory=MailOffer)
    _by_person: Buckets = field(default_factory=lambda: Buckets(CODES))
    _by_address: Buckets = field(default_factory=lambda: Buckets(CODES))

    def by_words(self, scope: Scope, words: str) -> MailShown:
        """Do what the words behind `/settings email` say: an address, a code, `off`, or nothing.

        Raises:
            InputError: `mail_off`, `mail_address` (`words`), `mail_no_code`, `mail_too_often`.
        """
        if not self.offer.sends:
            raise InputError("mail_off")
        said = words.strip().casefold()
        if not said:
            return self.show(scope)
        if said in _off_words(scope):
            return self.remove(scope)
        if _CODE.fullmatch(said):
            return self._confirm(scope, said)
        return self._register(scope, words)

    def show(self, scope: Scope) -> MailShown:
        """Return the person's address."""
        return MailShown(_own(scope), self.offer)

    def remove(self, scope: Scope) -> MailShown:
        """Delete the person's address, to which nothing is sent from now on."""
        found = _own(scope)
        if found is not None:
            scope.repositories.mail_addresses.drop(found.id)
        return MailShown(None, self.offer, news="removed")

    def set_weekly(self, scope: Scope, *, on: bool) -> MailShown:
        """Switch the weekly mail; an address that is not confirmed stays as it is."""
        found = _own(scope)
        if found is None or found.confirmed_at is None:
            return self.show(scope)
        changed = replace(found, weekly_on=on)
        scope.repositories.mail_addresses.put(changed)
        return MailShown(changed, self.offer, news="weekly_on" if on else "weekly_off")

    def _register(self, scope: Scope, words: str) -> MailShown:
        address, moment = parse_address(words), scope.now.timestamp()
        # Both are counted, so that many people cannot flood one address either.
        counted = (
            self._by_person.lets_in(scope.actor, moment),
            self._by_address.lets_in(address, moment),
        )
        if not all(counted):
            raise InputError("mail_too_often")
        code = f"{secrets.randbelow(10**6):06}"
        before = _own(scope)
        added = MailAddress(
            id=new_id(scope.now),
            ledger_id=scope.ledger.id,
            user_id=scope.actor,
            address=address,
            stop_key=new_secret(),
            made_at=scope.now,
            code_digest=_digest(scope, address, code),
            code_until=scope.now + CODE_LIFE,
            tries_left=TRIES,
        )
        if before is not None and before.address == address and before.confirmed_at:
            # The code is for nothing new, so what was agreed before goes on.
            return self.show(scope)
        scope.repositories.mail_addresses.put(added)
        return MailShown(added, self.offer, news="code_sent", code=code)

    def _confirm(self, scope: Scope, code: str) -> MailShown:
        """Take a typed code. A wrong one is an answer, since an error would undo its count."""
        addresses, found = scope.repositories.mail_addresses, _own(scope)
        if found is None or found.confirmed_at is not None:
            raise InputError("mail_no_code")
        if found.tries_left <= 0 or found.code_until is None or scope.now > found.code_until:
            return MailShown(found, self.offer, news="code_over")
        if not secrets.compare_digest(found.code_digest, _digest(scope, found.address, code)):
            found = replace(found, tries_left=found.tries_left - 1)
            addresses.put(found)
            return MailShown(found, self.offer, news="code_wrong")
        older = addresses.find_confirmed(found.address)
        # One address, one chat: a receipt that it sends must have one ledger to go to.
        addresses.drop_others(found)
        confirmed = replace(
            found, confirmed_at=scope.now, weekly_on=True, code_digest="", code_until=None
        )
        addresses.put(confirmed)
        return MailShown(confirmed, self.offer, news="confirmed", moved=older is not None)


def stop_weekly(repositories: Repositories, stop_key: str) -> MailAddress:
    """End the weekly mail by the key in it; done again it changes nothing.

    Raises:
        NotFoundError: `mail_stop_gone`, where no address has the key.
    """
    found = find_stoppable(repositories, stop_key)
    stopped = replace(found, weekly_on=False)
    repositories.mail_addresses.put(stopped)
    return found


def find_stoppable(repositories: Repositories, stop_key: str) -> MailAddress:
    """Return the address of a key. Raises `NotFoundError` (`mail_stop_gone`)."""
    known = is_secret(stop_key)
    found = repositories.mail_addresses.find_by_stop_key(stop_key) if known else None
    if found is None:
        raise NotFoundError("mail_stop_gone")
    return found


def _own(scope: Scope) -> MailAddress | None:
    return scope.repositories.mail_addresses.of_person(scope.ledger.id, scope.actor)


def _digest(scope: Scope, address: str, code: str) -> str:
    return digest_of(_PURPOSE, f"{scope.ledger.id}:{scope.actor}:{address}:{code}")


def _off_words(scope: Scope) -> frozenset[str]:
    language = scope.settings.language.replace("_", "-").split("-")[0].lower()
    return frozenset(vocabulary_of(language).command_words("settings", "off"))
