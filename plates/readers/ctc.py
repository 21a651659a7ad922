"""How likely a given text is under a recogniser's distributions, and what else may stand at its positions.

Forward algorithm and best alignment of CTC (Graves et al., Connectionist Temporal Classification, ICML 2006, section
4.1), over the 36 characters of plates; everything else a recogniser may read separates characters as the blank does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = 0
"""Class of a step at which no character of the alphabet stands; class n + 1 is the alphabet's n-th character."""
MOST_CHOICES = 3

Steps: TypeAlias = NDArray[np.float32]
"""Shape (steps, 37): the probability of each class at each step."""


def likelihoods(crops: Sequence[Steps], texts: Sequence[str]) -> NDArray[np.float64]:
    """Shape (crops, texts): the probability 0..1 of each text under each crop.

    All at once, since a text alone is too little work for NumPy: about 2 ms for 8 crops and 12 texts.
    """
    paths, ends = _paths(texts)
    may_skip = np.zeros(paths.shape, bool)
    may_skip[:, 2:] = (paths[:, 2:] != BLANK) & (paths[:, 2:] != paths[:, :-2])
    emitted = _stacked(crops)[:, :, paths]  # crops, steps, texts, states
    alpha = np.zeros((len(crops), *paths.shape))
    alpha[:, :, :2] = emitted[:, 0, :, :2]
    for step in range(1, emitted.shape[1]):
        arriving = alpha.copy()
        arriving[:, :, 1:] += alpha[:, :, :-1]
        arriving[:, :, 2:] += np.where(may_skip[:, 2:], alpha[:, :, :-2], 0)
        alpha = arriving * emitted[:, step]
    rows = np.arange(len(texts))
    return np.asarray(alpha[:, rows, ends] + alpha[:, rows, ends - 1], np.float64)


def alignment(steps: Steps, text: str) -> list[int]:
    """For each character of `text` the step where it is surest, along its likeliest path."""
    (path,), _ = _paths([text])
    with np.errstate(divide="ignore"):
        emitted = np.log(steps.astype(np.float64))[:, path]
    score = np.full(len(path), -np.inf)
    score[:2] = emitted[0, :2]
    came = np.zeros(emitted.shape, int)
    for step in range(1, len(steps)):
        ways = np.full((3, len(path)), -np.inf)
        ways[0], ways[1, 1:], ways[2, 2:] = score, score[:-1], score[:-2]
        ways[2, (path == BLANK) | (path == np.roll(path, 2))] = -np.inf
        came[step] = ways.argmax(0)
        score = ways.max(0) + emitted[step]
    state = len(path) - 1 if score[-1] >= score[-2] else len(path) - 2
    surest: dict[int, int] = {}
    for step in range(len(steps) - 1, -1, -1):
        if state % 2 and (state not in surest or emitted[step, state] > emitted[surest[state], state]):
            surest[state] = step
        state -= came[step, state]
    return [surest.get(1 + 2 * position, 0) for position in range(len(text))]


def choices(crops: Sequence[Steps], weights: Sequence[float], text: str) -> tuple[tuple[tuple[str, float], ...], ...]:
    """What may stand at each position of `text`: at most 3 characters with their probabilities, best first.

    The mean over the crops, weighted, each taken where the text's character is surest in it.
    """
    share = np.asarray(weights) / np.sum(weights)
    mean = sum(part * steps[alignment(steps, text)] for part, steps in zip(share, crops, strict=True))
    found = []
    for distribution in np.asarray(mean)[:, 1:]:
        best = np.argsort(-distribution)[:MOST_CHOICES]
        found.append(tuple((ALPHABET[one], float(distribution[one])) for one in best if distribution[one] > 0))
    return tuple(found)


def _stacked(crops: Sequence[Steps]) -> NDArray[np.float64]:
    """All crops as one array, shorter ones followed by blanks, which change no text's probability."""
    stacked = np.zeros((len(crops), max(map(len, crops)), len(ALPHABET) + 1))
    stacked[:, :, BLANK] = 1
    for row, steps in zip(stacked, crops, strict=True):
        row[: len(steps)] = steps
    return stacked


def _paths(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The texts as classes with blanks around each, padded with blanks to one length; and each one's last state."""
    paths = np.zeros((len(texts), 2 * max(map(len, texts)) + 1), np.int64)
    for row, text in zip(paths, texts, strict=True):
        row[1 : 2 * len(text) : 2] = [1 + ALPHABET.index(one) for one in text]
    return paths, np.array([2 * len(text) for text in texts])
