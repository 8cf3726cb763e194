"""The trained table: contrastive losses over bags of tokens, updated only where a step touched it."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.training.batches import Batch, TokenStore

_COMMON = 1e-3  # tokens more frequent than this start shorter
_BETAS = (0.9, 0.98)


class LazyTable:
    """Embedding rows with Adam moments of their own."""

    def __init__(self, frequency: NDArray[np.int64], dimension: int, rate: float, scale: float, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        share = torch.from_numpy(frequency / max(1, frequency.sum())).float()
        self.weights = (
            torch.randn(len(frequency), dimension, generator=generator) * (_COMMON / (_COMMON + share))[:, None]
        )
        self.weights[0] = 0  # the unknown token says nothing
        self._first = torch.zeros_like(self.weights)
        self._second = torch.zeros_like(self.weights)
        self._times = torch.zeros(len(frequency))
        self._position = np.zeros(len(frequency), dtype=np.int64)
        self._rate, self._scale = rate, scale

    def step(self, batches: list[tuple[Batch, float]], factor: float) -> dict[str, float]:
        """One update over all tasks; the loss of each."""
        # One look-up for all bags: the gradient of a look-up is as large as the table part, so many are slow.
        bags = [side for batch, _ in batches for side in (batch.left, batch.right)]
        ids = np.concatenate([side.ids for side in bags])
        before = np.cumsum([0, *(len(side.ids) for side in bags)])
        offsets = np.concatenate([side.offsets + start for side, start in zip(bags, before[:-1], strict=True)])
        touched = np.zeros(len(self._position), dtype=bool)
        touched[ids] = True
        rows = np.flatnonzero(touched)
        self._position[rows] = np.arange(len(rows))
        index = torch.from_numpy(rows)
        part = self.weights[index].requires_grad_()
        pooled = functional.embedding_bag(
            torch.from_numpy(self._position[ids]), part, torch.from_numpy(offsets), mode="mean"
        )
        sides = functional.normalize(pooled, dim=1).split([len(side.offsets) for side in bags])
        losses: dict[str, float] = {}
        total = torch.zeros(())
        for number, (batch, weight) in enumerate(batches):
            loss = self._loss(sides[2 * number], sides[2 * number + 1], batch.groups)
            total = total + weight * loss
            losses[batch.task] = round(float(loss.detach()), 3)
        total.backward()
        gradient = part.grad
        assert gradient is not None
        self._update(index, gradient, self._rate * factor)
        return losses

    def _loss(self, left: torch.Tensor, right: torch.Tensor, groups: NDArray[np.int64]) -> torch.Tensor:
        scores = self._scale * left @ right.T
        group = torch.from_numpy(groups)
        same = group[:, None] == group[None, :]
        same.fill_diagonal_(False)
        scores = scores.masked_fill(same, -1e4)
        target = torch.arange(len(group))
        return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2

    def _update(self, index: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        times = self._times[index] + 1
        first = self._first[index].mul_(_BETAS[0]).add_(gradient, alpha=1 - _BETAS[0])
        second = self._second[index].mul_(_BETAS[1]).addcmul_(gradient, gradient, value=1 - _BETAS[1])
        self._first[index], self._second[index], self._times[index] = first, second, times
        first.mul_((rate / (1 - _BETAS[0] ** times))[:, None])
        second.mul_((1 / (1 - _BETAS[1] ** times))[:, None]).sqrt_().add_(1e-8)
        self.weights.index_add_(0, index, first.div_(second), alpha=-1)
        self.weights[0] = 0

    def save(self, path: Path, step: int) -> None:
        """Write everything needed to go on; the old checkpoint stays until the new one is whole."""
        temporary = path.with_suffix(".partial.npz")
        np.savez(
            temporary,
            weights=self.weights.numpy(),
            first=self._first.numpy(),
            second=self._second.numpy(),
            times=self._times.numpy(),
            step=np.asarray(step),
        )
        temporary.replace(path)

    def load(self, path: Path) -> int:
        """Read a checkpoint; the number of steps it has seen."""
        with np.load(path) as saved:
            self.weights = torch.from_numpy(saved["weights"])
            self._first = torch.from_numpy(saved["first"])
            self._second = torch.from_numpy(saved["second"])
            self._times = torch.from_numpy(saved["times"])
            return int(saved["step"])


def held_out_recall(weights: torch.Tensor, left: TokenStore, right: TokenStore, groups: NDArray[np.int64]) -> float:
    """Share of held-out left texts whose own right text comes first among the distinct right texts."""
    _, kept = np.unique(groups, return_index=True)
    sides = []
    for store in (left, right):
        pooled = functional.embedding_bag(
            torch.from_numpy(store.ids.astype(np.int64)), weights, torch.from_numpy(store.bounds[:-1]), mode="mean"
        )
        sides.append(functional.normalize(pooled, dim=1))
    best = (sides[0] @ sides[1][torch.from_numpy(kept)].T).argmax(dim=1).numpy()
    return round(float((groups[kept][best] == groups).mean()), 4)
