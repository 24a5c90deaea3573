"""Trains the networks of scans.classification.geometry (needs the extra `train`: torch) and writes their weights."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from scans.classification.geometry.network import CLASSES
from scans.training.examples import Examples

Batch = tuple[Tensor, Tensor]
LAYERS = {
    "heights": ((12, 5, 2), (16, 3, 1), (24, 3, 2), (32, 3, 2), (32, 3, 2)),
    "rolled": ((12, 5, 1), (16, 3, 2), (24, 3, 2), (32, 3, 2), (32, 3, 2)),
}
SHAPES = {"heights": (80, 80), "rolled": (112, 24)}
HIDDEN = 40
BATCH = 96
SMOOTHING = 0.04
DEPTH_SHARE = 0.3
"""Of the picture's range (12 mm): the cut may lie up to so much higher, so that no network leans on its depth."""


@dataclass(frozen=True, slots=True)
class Plan:
    steps: int = 1_400
    rate: float = 3e-3
    decay: float = 1e-2


def network(kind: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    inputs, size = 1, list(SHAPES[kind])
    for outputs, kernel, stride in LAYERS[kind]:
        layers += [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        ]
        inputs, size = outputs, [-(-side // stride) for side in size]
    layers += [nn.Flatten(), nn.Dropout(0.3), nn.Linear(inputs * size[0] * size[1], HIDDEN), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(0.2), nn.Linear(HIDDEN, len(CLASSES)))


def fit(kind: str, data: Examples, seed: int, plan: Plan, say: Callable[[str], None]) -> nn.Sequential:
    torch.manual_seed(seed)
    model = network(kind).to(memory_format=torch.channels_last)
    pictures, classes = torch.from_numpy(getattr(data, kind)), torch.from_numpy(data.classes)
    chances = _chances(data)
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=plan.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, plan.rate, total_steps=plan.steps)
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    model.train()
    total = 0.0
    for step in range(plan.steps):
        chosen = torch.multinomial(chances, BATCH, replacement=True)
        images = shaken(pictures[chosen].float()[:, None] / 255, kind)
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(model(images), classes[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += float(loss.detach())
        if step % 500 == 499:
            say(f"{kind} {seed}: step {step + 1}, loss {total / 500:.3f}")
            total = 0.0
    return model.eval()


def _chances(data: Examples) -> Tensor:
    """Three in ten each upper and lower, one a bite; of the rest half are wrong frames, half are other things."""
    kinds = data.classes + data.others
    wanted = np.array([0.28, 0.28, 0.12, 0.16, 0.16])
    counts = np.bincount(kinds, minlength=len(wanted)).clip(1)
    return torch.from_numpy((wanted / counts)[kinds])


def shaken(images: Tensor, kind: str) -> Tensor:
    """Turned, stretched, moved, mirrored; cut less deep, higher or lower, noisy, with a patch missing."""
    count = len(images)
    turn = torch.randn(count) * (0.10 if kind == "heights" else 0.03)
    scale = 1 + 0.07 * torch.randn(count, 2)
    mirror = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    sides = (
        torch.stack([mirror, torch.ones(count)], 1)
        if kind == "heights"
        else torch.stack([torch.ones(count), mirror], 1)
    )
    cosine, sine = torch.cos(turn), torch.sin(turn)
    rows = torch.stack([cosine * scale[:, 0], -sine * scale[:, 1], sine * scale[:, 0], cosine * scale[:, 1]], 1)
    matrix = rows.reshape(count, 2, 2) * sides[:, None]
    moves = 0.06 * torch.randn(count, 2, 1)
    grid = nn.functional.affine_grid(torch.cat([matrix, moves], 2), list(images.shape), align_corners=False)
    images = nn.functional.grid_sample(images, grid, align_corners=False)
    return _cut_otherwise(images)


def _cut_otherwise(images: Tensor) -> Tensor:
    count = len(images)
    room = (count, 1, 1, 1)
    full = images > 0
    heights = images * (1 + 0.06 * torch.randn(room)) + 0.05 * torch.randn(room)
    heights = heights + torch.randn_like(images) * torch.rand(room) * 0.03
    floor = torch.where(torch.rand(room) < 0.5, torch.rand(room) * DEPTH_SHARE, torch.zeros(room))
    images = torch.where(full & (heights > floor), heights.clamp(0.004, 1), torch.zeros_like(images))
    row, column = torch.rand(room), torch.rand(room)
    size = torch.where(torch.rand(room) < 0.3, torch.rand(room) * 0.22, torch.zeros(room))
    y = torch.linspace(0, 1, images.shape[2])[None, None, :, None]
    x = torch.linspace(0, 1, images.shape[3])[None, None, None, :]
    missing = ((y - row).abs() < size) & ((x - column).abs() < size)
    return images.masked_fill(missing, 0.0)


def arrays_of(model: nn.Sequential, name: str) -> dict[str, NDArray[np.float16]]:
    """As scans.classification.geometry.network reads them: normalisation folded into the convolutions, halves."""
    found: dict[str, NDArray[np.float16]] = {}
    layers = list(model)
    convolutions = [place for place, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    for number, place in enumerate(convolutions):
        layer, norm = layers[place], layers[place + 1]
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights = (layer.weight * scale[:, None, None, None]).permute(2, 3, 1, 0)
        found[f"{name}.conv{number}.weights"] = _half(weights)
        found[f"{name}.conv{number}.bias"] = _half(norm.bias - norm.running_mean * scale)
        found[f"{name}.conv{number}.stride"] = np.array(layer.stride[0], np.float16)
    shape = (layers[convolutions[-1]].out_channels, -1)
    for number, layer in enumerate(layer for layer in layers if isinstance(layer, nn.Linear)):
        weights = layer.weight.T
        if number == 0:
            # NumPy keeps channels last.
            weights = weights.reshape(*shape, HIDDEN).permute(1, 0, 2).reshape(-1, HIDDEN)
        found[f"{name}.dense{number}.weights"] = _half(weights)
        found[f"{name}.dense{number}.bias"] = _half(layer.bias)
    return found


def _half(values: Tensor) -> NDArray[np.float16]:
    half: NDArray[np.float16] = values.detach().numpy().astype(np.float16)
    return half
