"""The language of the grammar, the skip-gram loss on its pairs, and the cycle on which Adam fails."""

import copy
import warnings

import numpy as np
import pytest

from course_lib.optimizers import AdamState, adam
from course_lib.problems import Cycle, SkipGram
from course_lib.problems.words import CATEGORIES, KINDS, SENTENCES, WORDS, language, own_kind, sentences, skip_grams
from course_lib.run import run

RNG = np.random.default_rng(5)
F = SkipGram(RNG.integers(6, size=(40, 2)), RNG.integers(6, size=(40, 3)), words=6, size=3)
W = np.random.default_rng(1).normal(size=(3, F.dim))


def plain_loss(f, w):
    """The loss as the papers write it: a loop over examples, one pair and its strangers at a time."""
    U, C = f.unpack(w)
    total = 0.0
    for (own, other), strangers in zip(f.pairs, f.strangers, strict=True):
        total -= np.log(1 / (1 + np.exp(-U[own] @ C[other])))
        total -= sum(np.log(1 / (1 + np.exp(U[own] @ C[k]))) for k in strangers)
    return total / f.n


def test_the_loss_is_that_of_the_paper():
    """Tables of counts in the place of examples: a table transposed, or the strangers of another word."""
    assert [F(w) for w in W] == pytest.approx([plain_loss(F, w) for w in W], rel=1e-13)


def test_gradient_is_the_slope_of_the_value():
    """A wrong backward pass: the words would still cluster, only worse."""
    steps = np.stack([F(W + 1e-30j * e).imag / 1e-30 for e in np.eye(F.dim)], axis=-1)
    central = np.stack([(F(W + 1e-5 * e) - F(W - 1e-5 * e)) / 2e-5 for e in np.eye(F.dim)], axis=-1)
    np.testing.assert_allclose(F.grad(W), steps, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(F.grad(W), central, rtol=1e-6, atol=1e-9)


def test_the_best_scores_are_those_of_levy_and_goldberg():
    """Without a limit of size the minimum is log(seen / drawn) for every two words: a sign or a count gone wrong."""
    rng = np.random.default_rng(2)
    pairs = np.array([(a, b) for a in range(4) for b in range(4) for _ in range(1 + rng.integers(4))])
    f = SkipGram(pairs, np.tile(np.arange(4), (len(pairs), 1)), words=4, size=4)
    best = np.log(f.seen / f.drawn)
    w = np.concatenate([best.ravel(), np.eye(4).ravel()])  # U C^T = best
    assert np.abs(f.grad(w)).max() < 1e-15
    assert all(f(w) < f(w + rng.normal(0, 0.1, f.dim)) for _ in range(20))


def test_samples_are_fair():
    """A biased batch: training would settle beside the minimum."""
    parts = [F.sample([i]) for i in range(F.n)]
    np.testing.assert_allclose(np.mean([part(W) for part in parts], axis=0), F(W), rtol=1e-12)
    np.testing.assert_allclose(np.mean([part.grad(W) for part in parts], axis=0), F.grad(W), rtol=1e-11, atol=1e-14)
    twice = F.sample([4, 4, 7])
    assert twice.n == 3 and twice(W[0]) == pytest.approx((2 * parts[4](W[0]) + parts[7](W[0])) / 3, rel=1e-13)
    with pytest.raises(ValueError, match="at least one index"):
        F.sample([])


def test_leading_axes_broadcast():
    """Runs that mix when many of them are one array."""
    w = np.random.default_rng(3).normal(size=(2, 3, F.dim))
    for g in (F, F.grad, F.vectors):
        loop = np.array([[g(one) for one in row] for row in w])
        np.testing.assert_allclose(g(w), loop, rtol=1e-12, atol=1e-14)


def test_huge_weights_neither_overflow_nor_warn():
    """exp of a large score: a step too long and the loss is NaN instead of large."""
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise"):
        warnings.simplefilter("error")
        assert np.isfinite(F(1e4 * W)).all() and np.isfinite(F.grad(1e4 * W)).all()


def test_the_start_is_small_and_repeatable():
    """Large vectors at the start are hard to turn; equal ones never part."""
    w = F.init(np.random.default_rng(0))
    U, C = F.unpack(w)
    assert np.abs(U).max() <= 0.5 / F.size and len(np.unique(U)) == U.size and not C.any()
    assert np.array_equal(w, F.init(np.random.default_rng(0)))
    assert np.allclose(np.linalg.norm(F.vectors(w), axis=-1), 1)


@pytest.mark.parametrize(("pairs", "strangers", "sentence"), [
    (np.zeros((3, 3)), np.zeros((3, 2)), "pairs must be"),
    (np.zeros((3, 2)), np.zeros((2, 2)), "pairs must be"),
    (np.zeros((3, 2)), np.zeros(3), "pairs must be"),
    (np.zeros((0, 2)), np.zeros((0, 2)), "n > 0"),
    (np.full((3, 2), 6), np.zeros((3, 2)), "from 0 to 5"),
    (np.zeros((3, 2)), np.full((3, 2), -1), "from 0 to 5"),
])  # fmt: skip
def test_data_that_do_not_fit_are_named(pairs, strangers, sentence):
    """Data that broadcast in silence give a wrong loss without an error."""
    with pytest.raises(ValueError, match=sentence):
        SkipGram(pairs, strangers, words=6)


def test_what_is_given_stays_the_callers():
    """A loss that follows the caller's array would have two values."""
    pairs = np.array([[0, 1], [1, 2]])
    f = SkipGram(pairs, pairs, words=3)
    pairs[:] = 0
    assert f.pairs.tolist() == [[0, 1], [1, 2]] and repr(copy.deepcopy(f)) == "SkipGram(n=2, words=3, size=8)"
    with pytest.raises(ValueError, match="read-only"):
        f.pairs[0] = 2


def test_sentences_follow_the_grammar():
    """A category that leaks into another's place: no category could emerge."""
    text = sentences(500, np.random.default_rng(0))
    assert {tuple(KINDS[word] for word in sentence) for sentence in text} == set(SENTENCES)
    assert text == sentences(500, np.random.default_rng(0)) != sentences(500, np.random.default_rng(1))
    assert len(set(WORDS)) == len(WORDS) == sum(map(len, CATEGORIES.values()))


def test_common_words_come_first():
    """Without rare words there is no need for steps of their own: the first is about five times the fifth."""
    counts = np.bincount(np.concatenate(sentences(4000, np.random.default_rng(0))))
    people = counts[: len(CATEGORIES["people"])]
    assert people[0] / people[4] == pytest.approx(5, rel=0.25) and np.all(np.diff(people) < 0)


def test_pairs_are_neighbors():
    """A window that crosses the end of a sentence, skips one side, or pairs a word with itself."""
    pairs, strangers = skip_grams([[0, 1, 2, 3], [4, 5]], np.random.default_rng(0), window=2, negatives=7)
    expected = [(0, 1), (0, 2), (1, 0), (1, 2), (1, 3), (2, 0), (2, 1), (2, 3), (3, 1), (3, 2), (4, 5), (5, 4)]
    assert sorted(map(tuple, pairs.tolist())) == expected and strangers.shape == (12, 7)


def test_strangers_are_drawn_by_flattened_frequency():
    """Drawn by plain frequency, or all alike: rare words get too few strangers, or too many."""
    _, strangers = skip_grams([[0, 1] * 8 + [0] * 16], np.random.default_rng(0), negatives=200)
    weights = np.array([24.0, 8.0]) ** 0.75
    assert (strangers == 0).mean() == pytest.approx(weights[0] / weights.sum(), abs=0.02)  # about 6 standard errors


def test_own_kind_is_a_share():
    """A word counted as its own neighbor, or categories in another order: any picture would look right, or none."""
    f = language(3)
    kinds = {kind: np.eye(8)[i] for i, kind in enumerate(CATEGORIES)}
    told = np.array([kinds[kind] for kind in KINDS])
    w = np.concatenate([told.ravel(), np.zeros(told.size)])
    assert own_kind(f, w) == 1 and f.words == 32
    starts = np.array([f.init(np.random.default_rng(i)) for i in range(30)])
    assert 0.05 < own_kind(f, starts).mean() < 0.2  # by chance 3.7 of 31


def test_the_cycle():
    """The example of the paper: the mean slope is positive, so the lowest point is -1."""
    f = Cycle(4.0)
    assert (f(np.array([2.0])), f.n, f.dim) == (pytest.approx(4 / 3), 3, 1)
    assert [f.sample([i]).grad(np.zeros((2, 1))).tolist() for i in range(3)] == [[[s]] * 2 for s in (4.0, -1.0, -1.0)]
    assert f.sample([0, 1]).grad([0.5]) == pytest.approx(1.5) and f.sample([1, 0]).sample([1]).slopes.tolist() == [4.0]
    assert f.bounds[0] == -1 and f.bounds[1] == 1


def test_adam_fails_on_the_cycle():
    """Theorem 1 of Reddi, Kale and Kumar: beta1 = 0 and beta2 = 1/(1 + C^2) lead to +1, the worst point."""

    def turn(state, f, rng, **knobs):
        state = adam(state, f.sample([state.t % 3]), rng, **knobs)
        return state._replace(x=np.clip(state.x, -1, 1))

    end = run(turn, AdamState(np.zeros(1)), Cycle(3.0), steps=1500, lr=lambda t: 0.2 / np.sqrt(t + 1), beta1=0.0,
              beta2=0.1)  # fmt: skip
    assert end.x[-1, 0] > 0.99
