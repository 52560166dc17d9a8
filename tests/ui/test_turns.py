"""Whose page is drawn next: people in the middle of a form first, then whoever used least."""

from __future__ import annotations

import threading
import time

import pytest

from screening.ui.turns import FAIR, Crowded, Turns


class Queue:
    """One turn at a time, and a first one who holds it while others line up."""

    def __init__(self, monkeypatch, most_waiting=100):
        self.turns = Turns(1, 1, most_waiting)
        self.drawn, self.threads, self.release = [], [], threading.Event()
        self.spent = {}
        monkeypatch.setattr("screening.ui.turns.time.thread_time", lambda: self.spent.get(threading.get_ident(), 1.0))

    def use(self, person, network, seconds):
        """Somebody uses processor time."""
        with self.turns.turn(person, network, False):
            self.spent[threading.get_ident()] = 1.0 + seconds
        self.spent.clear()

    def come(self, name, network="here", settled=False, held=False):
        begun = threading.Event()

        def draw():
            try:
                with self.turns.turn(name, network, settled):
                    begun.set()
                    self.drawn.append(name)
                    if held:
                        self.release.wait(20)
            except Crowded:
                self.drawn.append(f"no {name}")

        self.threads.append(threading.Thread(target=draw))
        before = len(self.turns._waiting)
        self.threads[-1].start()
        if held:
            begun.wait(20)
        while not held and len(self.turns._waiting) == before and f"no {name}" not in self.drawn:
            time.sleep(0.001)
        return self

    def end(self):
        self.release.set()
        for thread in self.threads:
            thread.join(20)
        return self.drawn


def test_who_is_in_the_middle_of_a_form_comes_before_everybody_who_is_not(monkeypatch):
    queue = Queue(monkeypatch).come("first", held=True)
    for number in range(5):
        queue.come(f"new {number}", f"place {number}")
    assert queue.come("ana", "place 1", settled=True).end()[:2] == ["first", "ana"]


def test_among_others_the_network_that_used_least_comes_first(monkeypatch):
    queue = Queue(monkeypatch)
    queue.use("x", "greedy", 3.0)
    queue.use("y", "modest", 0.2)
    queue.come("first", "elsewhere", held=True)
    for name, network in (("x", "greedy"), ("x2", "greedy"), ("y", "modest"), ("new", "quiet")):
        queue.come(name, network)
    assert queue.end()[1:] == ["new", "y", "x", "x2"]


def test_who_uses_far_more_than_a_person_is_one_of_the_others_again(monkeypatch):
    queue = Queue(monkeypatch)
    queue.use("flood", "there", FAIR + 1)
    queue.come("first", "elsewhere", held=True)
    assert queue.come("flood", "there", settled=True).come("new", "quiet").end()[1:] == ["new", "flood"]


def test_where_too_many_wait_whoever_used_most_gets_an_apology_and_the_next_gets_in(monkeypatch):
    queue = Queue(monkeypatch, most_waiting=2)
    queue.use("x", "greedy", 3.0)
    queue.come("first", "elsewhere", held=True).come("x", "greedy").come("new", "quiet")
    assert queue.come("ana", "place", settled=True).end() == ["first", "no x", "ana", "new"]


def test_a_page_that_nobody_wants_any_more_waits_no_longer(monkeypatch):
    queue = Queue(monkeypatch).come("first", held=True)

    def unwanted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), queue.turns.turn("gone", "here", False, unwanted):
        raise AssertionError("it is not drawn")
    assert queue.come("next").end() == ["first", "next"]
