"""What is known of the upstream direction without a cascade: it is a random walk along customers.

With a single firm f stopped, the upstream loss of k is the probability that a walk from k, stepping to
customer j with probability sales(k, j) / revenue(k) and leaving the data otherwise, ever meets f.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .model import Floats, Ints, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

CLOSED = 1e-12
"""A group of firms that sells less than this share outside itself is treated as selling nothing outside."""
RESIDUAL = 1e-11
"""Relative residual to which the linear system of the values is solved."""
DENSE_FIRMS = 1500
"""Up to this many firms all meeting probabilities are computed at once (n^2 numbers, n^3 operations)."""


@dataclass(frozen=True)
class Walk:
    """The walk of a network: closed groups of firms, and what one lost unit of a firm's orders can do.

    ``group`` (n,) numbers closed groups, -1 outside them; members are ``group_firm`` cut at ``group_ptr``.
    ``gain`` (n,) = weighted output lost by a firm's suppliers, their suppliers and so on, when the firm's
    level falls by one, in units of the weights. ``meeting`` (n, n): row f holds the upstream loss of every
    firm when f stops; empty (0, 0) for larger networks, where cascades are run instead.
    """

    group: Ints
    group_ptr: Ints
    group_firm: Ints
    gain: Floats
    meeting: Floats


def walk_of(net: Network, weight: Floats, dense_firms: int = DENSE_FIRMS) -> Walk:
    """Closed groups, gains and, up to ``dense_firms`` firms, meeting probabilities of a network.

    ``weight`` (n,) values a lost level of each firm. Cost: one pass for strong components and some tens of
    sparse products (GMRES), or one dense inverse.
    """
    steps = _steps(net)
    group = closed_groups(net)
    members = np.flatnonzero(group >= 0)
    members = members[np.argsort(group[members], kind="stable")]
    ptr = np.concatenate([[0], np.cumsum(np.bincount(group[members]))]).astype(np.int32)
    passing = group < 0
    value = np.zeros(net.n)
    inner = steps[passing][:, passing]
    value[passing] = _solve_transposed(inner, weight[passing])
    meeting = _meeting(steps, group) if net.n <= dense_firms else np.zeros((0, 0))
    return Walk(group.astype(np.int32), ptr, members.astype(np.int32), steps.T @ value, meeting)


def _meeting(steps: csr_array, group: Ints) -> Floats:
    """Row f: probability that the walk from each firm meets f, from the inverse of (I - steps).

    From k outside f the walk is at f G_kf times, from f itself G_ff times, so it meets f with probability
    G_kf / G_ff. A walk that enters a closed group meets every member of it.
    """
    passing, n = np.flatnonzero(group < 0), len(group)
    meeting = np.zeros((n, n))
    inner = np.linalg.inv(np.eye(len(passing)) - steps[passing][:, passing].toarray())
    meeting[np.ix_(passing, passing)] = (inner / np.diag(inner)).T
    for number in range(group.max(initial=-1) + 1):
        members = np.flatnonzero(group == number)
        entering = inner @ steps[passing][:, members].sum(axis=1)
        meeting[np.ix_(members, passing)] = entering
        meeting[np.ix_(members, members)] = 1.0
    return np.clip(meeting, 0.0, 1.0)


def closed_groups(net: Network) -> Ints:
    """Number of each firm's closed group (n,), -1 for firms from which a walk can leave.

    A closed group sells everything to itself: strongly connected, no sales outside.
    """
    from scipy.sparse.csgraph import connected_components

    count, label = connected_components(_steps(net), directed=True, connection="strong")
    inside = label[net.supplier] == label[net.customer]
    kept = np.bincount(net.supplier[inside], net.up_coef[inside], net.n)
    leaks = np.bincount(label, kept < 1 - CLOSED, count) > 0
    number = np.cumsum(~leaks) - 1
    return np.where(leaks, -1, number)[label]


def upstream_closed_form(net: Network, weight: Floats | None = None) -> Floats:
    """Upstream ESRI of every firm (n,) without any cascade: weight' (I - L)^-1 over its diagonal.

    ``weight`` (n,) defaults to revenue. Dense: n^2 numbers, n^3 operations.
    """
    given = net.revenue if weight is None else np.asarray(weight, np.float64)
    return walk_of(net, given, dense_firms=net.n).meeting @ given / given.sum()


def _steps(net: Network) -> csr_array:
    """Probabilities of a step from supplier to customer, (n, n)."""
    from scipy.sparse import csr_array

    sold = net.up_coef > 0
    return csr_array((net.up_coef[sold], (net.supplier[sold], net.customer[sold])), shape=(net.n, net.n))


def _solve_transposed(steps: csr_array, weight: Floats) -> Floats:
    """x with x = weight + steps' x: sums over all walks, all of them finite here.

    GMRES needs some tens of products on networks of a city's kind; where it stands still (long chains of
    firms with one customer each) a sparse factorisation is quick.
    """
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import LinearOperator, gmres, spsolve

    if not steps.shape[0] or not weight.any():
        return np.zeros(steps.shape[0])
    turned = steps.T.tocsr()
    operator = LinearOperator(steps.shape, matvec=lambda x: x - turned @ x, dtype=np.float64)
    start = weight + turned @ weight
    solution, failed = gmres(operator, weight, x0=start, rtol=RESIDUAL, atol=0.0, restart=60, maxiter=10)
    if failed:
        solution = spsolve((eye_array(steps.shape[0]) - turned).tocsc(), weight)
    return np.maximum(weight + turned @ np.maximum(solution, 0.0), 0.0)
