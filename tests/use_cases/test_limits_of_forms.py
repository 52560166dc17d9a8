"""How often codes may be tried and forms sent: who does much gives way, and a stranger cannot use up what others need."""

from __future__ import annotations

import pytest

from screening.use_cases.limits_of_forms import FormLimits, TooMany


def send(limits, count, address, name="form"):
    """How many of so many new forms are kept."""
    kept = 0
    for number in range(count):
        try:
            limits.may_send(f"{name} {address} {number}", address)
        except TooMany:
            continue
        limits.sent(f"{name} {address} {number}", address)
        kept += 1
    return kept


def test_one_form_that_is_sent_again_and_again_counts_once():
    limits = FormLimits()
    for _ in range(200):
        limits.may_send("the same", "203.0.113.5")
        limits.sent("the same", "203.0.113.5")
    assert send(limits, 100, "203.0.113.5") == 59


def test_a_network_of_ipv6_is_one_sender_however_many_addresses_it_has():
    limits = FormLimits()
    assert sum(send(limits, 1, f"2001:db8::{number:x}", str(number)) for number in range(100)) == 60


def test_where_everybody_sent_too_many_who_sent_many_gives_way():
    limits = FormLimits()
    assert sum(send(limits, 60, f"198.51.100.{number}") for number in range(30)) == 1_000 + 13 * 10
    assert send(limits, 1, "203.0.113.5") == 1, "and a person elsewhere gets in"
    with pytest.raises(TooMany) as told:
        limits.may_send("one more", "198.51.100.1")
    assert 1 <= told.value.minutes <= 60


def test_tries_of_codes_are_counted_by_browser_and_what_was_refused_does_not_count():
    limits = FormLimits()
    for _ in range(5):
        limits.tried("mine", "203.0.113.5")
    for _ in range(305):
        with pytest.raises(TooMany):
            limits.tried("mine", "203.0.113.5")
    limits.tried("another", "203.0.113.5")
    limits.tried("another", "198.51.100.7")
