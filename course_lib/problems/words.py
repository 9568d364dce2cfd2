"""Word embeddings: a small language made by a grammar, and the skip-gram loss with negative sampling on its pairs."""

from dataclasses import dataclass

import numpy as np

from .models import sigmoid, softplus
from .problem import Problem, frozen

CATEGORIES = {  # the words of each kind, the common ones first
    "people": ("anna", "ben", "carla", "david", "emma"),
    "animals": ("cat", "dog", "horse", "duck", "sheep"),
    "foods": ("bread", "soup", "rice", "cheese", "pear"),
    "places": ("garden", "house", "street", "forest", "barn"),
    "eating": ("eats", "cooks", "buys", "shares"),
    "moving": ("runs", "sleeps", "waits", "hides"),
    "sizes": ("small", "old", "big", "young"),
}
SENTENCES = (
    ("people", "eating", "foods"),
    ("sizes", "people", "eating", "foods"),
    ("animals", "moving", "places"),
    ("sizes", "animals", "moving", "places"),
    ("people", "moving", "places"),
)
WORDS = tuple(word for words in CATEGORIES.values() for word in words)
KINDS = tuple(kind for kind, words in CATEGORIES.items() for _ in words)  # the category of each word


def sentences(n, rng):
    """n sentences of the grammar, each a list of numbers of words in `WORDS`.

    The form is drawn from `SENTENCES`, each slot from its category; word number k of a category has weight 1/k
    (Zipf, 1935), so that some words are several times as frequent as others.
    """
    forms = rng.integers(len(SENTENCES), size=n)
    return [[_word(kind, rng) for kind in SENTENCES[form]] for form in forms]


def _word(kind, rng):
    words = CATEGORIES[kind]
    weights = np.cumsum(1 / np.arange(1, len(words) + 1))
    return WORDS.index(words[int(np.searchsorted(weights, rng.random() * weights[-1]))])


def skip_grams(text, rng, window=2, negatives=5):
    """The pairs of a text for `SkipGram`: each word with each neighbor, and with words drawn at random.

    Args:
        text: sentences, lists of numbers of words.
        rng: `numpy.random.Generator`.
        window: a neighbor is at most so many places away, in the same sentence.
        negatives: words drawn for each pair, by their frequency to the power 3/4.

    Returns:
        pairs ``(n, 2)``, a word and its neighbor; strangers ``(n, negatives)``. Arrays of whole numbers.
    """
    pairs = [(s[i], s[j]) for s in text for i in range(len(s)) for j in range(len(s)) if 0 < abs(i - j) <= window]
    counts = np.bincount(np.concatenate(text))
    weights = counts**0.75 / (counts**0.75).sum()
    return np.array(pairs), rng.choice(len(counts), size=(len(pairs), negatives), p=weights)


@dataclass(frozen=True, eq=False, repr=False)
class SkipGram(Problem):
    r"""mean(-log sigma(u_w . c_o) - sum_k log sigma(-u_w . c_k)): a word w predicts its neighbor o, not strangers k.

    Examples are the rows of `pairs` (n, 2) and `strangers` (n, negatives). The vector of weights is U (words, size),
    the vectors of the words, and C (words, size), those of their neighborhoods, one after the other. All examples
    that hold the same two words share one score, so two tables of counts are all that the loss needs.
    Its best scores, where `size` is no limit, are log(seen / drawn): Levy and Goldberg (2014).
    ValueError for pairs and strangers that do not fit.
    Source: Mikolov, Sutskever, Chen, Corrado and Dean (2013).
    """

    pairs: np.ndarray
    strangers: np.ndarray
    words: int
    size: int = 8

    def __post_init__(self):
        pairs, strangers = frozen(self.pairs, int), frozen(self.strangers, int)
        n = len(pairs)
        if not n or pairs.shape != (n, 2) or strangers.ndim != 2 or len(strangers) != n:
            raise ValueError(f"pairs must be (n, 2), strangers (n, k), n > 0; got {pairs.shape} and {strangers.shape}.")
        numbers = np.concatenate([pairs, strangers], axis=1)
        if not (numbers.min() >= 0 and numbers.max() < self.words):
            raise ValueError(f"Words are whole numbers from 0 to {self.words - 1}: set words, or number them anew.")
        vars(self).update(pairs=pairs, strangers=strangers, dim=2 * self.words * self.size)
        side = np.full(self.dim, 3.0)
        vars(self).update(bounds=(frozen(-side), frozen(side)))
        self.count()

    def count(self):
        """How often each two words are a pair (`seen`) and drawn as strangers (`drawn`), both (words, words)."""
        own, other = self.pairs.T
        vars(self).update(seen=self.table(own, other), drawn=self.table(own[:, None], self.strangers))

    def table(self, rows, columns):
        flat = np.bincount((rows * self.words + columns).ravel(), minlength=self.words**2)
        return flat.reshape(self.words, self.words)

    @property
    def n(self):
        return len(self.pairs)

    def __repr__(self):
        return f"SkipGram(n={self.n}, words={self.words}, size={self.size})"

    def sample(self, indices):
        """The same loss on the examples with these indices, which may repeat."""
        indices = np.atleast_1d(indices)
        if not indices.size:
            raise ValueError("A sample needs at least one index.")
        part = object.__new__(type(self))  # a sample must be cheap, and the whole has passed the checks
        vars(part).update(vars(self), pairs=self.pairs[indices], strangers=self.strangers[indices])
        part.count()
        return part

    def init(self, rng):
        """A start, (dim,): small vectors in all directions, uniform within 0.5 / size, neighborhoods at 0."""
        U = rng.uniform(-0.5, 0.5, self.dim // 2) / self.size
        return np.concatenate([U, np.zeros_like(U)])

    def unpack(self, w):
        """U and C, each (..., words, size)."""
        return [half.reshape(*w.shape[:-1], self.words, self.size) for half in np.split(w, 2, axis=-1)]

    def vectors(self, w):
        """The vectors of the words, (..., words, size), each of length 1."""
        U = self.unpack(self.points(w))[0]
        return U / np.linalg.norm(U, axis=-1, keepdims=True)

    def value(self, w):
        U, C = self.unpack(w)
        S = U @ C.mT
        return (self.seen * softplus(-S) + self.drawn * softplus(S)).sum((-2, -1)) / self.n

    def slope(self, w):
        U, C = self.unpack(w)
        S = U @ C.mT
        D = (self.drawn * sigmoid(S) - self.seen * sigmoid(-S)) / self.n
        return np.concatenate([part.reshape(*w.shape[:-1], -1) for part in (D @ C, D.mT @ U)], axis=-1)


def language(seed, n=600, size=8):
    """The skip-gram loss, with vectors of this size, on n sentences of the grammar; another seed is another text."""
    rng = np.random.default_rng(seed)
    return SkipGram(*skip_grams(sentences(n, rng), rng), words=len(WORDS), size=size)


def own_kind(f, w):
    """The share of the words of the grammar whose nearest word (by angle) is of their own category, (...)."""
    V, kinds = f.vectors(w), np.array(KINDS)
    near = (V @ V.mT - 9 * np.eye(len(WORDS))).argmax(-1)
    return (kinds[near] == kinds).mean(-1)


@dataclass(frozen=True, eq=False, repr=False)
class Cycle(Problem):
    r"""The mean of C x, -x and -x on the interval from -1 to 1, for C > 2: the lowest point is -1.

    Adam with a short memory, fed with one of the three at a time, walks to +1.
    Source: Reddi, Kale and Kumar (2018), theorem 1.
    """

    C: float = 3.0
    indices: tuple = (0, 1, 2)

    dim = 1
    bounds = frozen([-1]), frozen([1])

    @property
    def n(self):
        return len(self.indices)

    @property
    def slopes(self):
        """The slope of each example, (n,)."""
        return np.array([self.C, -1.0, -1.0])[list(self.indices)]

    def __repr__(self):
        return f"Cycle(C={self.C:g})"

    def sample(self, indices):
        """The mean of the examples with these indices, which may repeat."""
        return Cycle(self.C, tuple(self.indices[i] for i in np.atleast_1d(indices)))

    def value(self, x):
        return self.slopes.mean() * x[..., 0]

    def slope(self, x):
        return np.full_like(x, self.slopes.mean())
