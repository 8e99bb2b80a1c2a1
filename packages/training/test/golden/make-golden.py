"""Makes gradients.golden.json with PyTorch: loss and gradients of a tiny network in float64.

    /usr/bin/python3 packages/training/test/golden/make-golden.py

Needs python3-torch (made with Debian's 1.13.1). The inputs are not stored: both sides draw them from
the same linear congruential generator, in the order of `INPUTS`.
"""

import base64
import json
import pathlib

import torch

EMBEDDING, HIDDEN, STEPS, BATCH, NEGATIVES = 6, 8, 7, 5, 20
# Sessions of unequal length, so that padding is part of what is checked.
LENGTHS = [7, 7, 5, 3, 1]

PLACES = [step * BATCH + column for column in range(BATCH) for step in range(LENGTHS[column])]
POSITIONS = len(PLACES)
TARGET_ROWS = [index % 9 for index in range(POSITIONS)]
NEGATIVE_ROWS = [index + 4 for index in range(NEGATIVES)]

DENSE = {
    "rnn.input": [EMBEDDING, HIDDEN],
    "rnn.recurrent": [HIDDEN, HIDDEN],
    "rnn.bias": [HIDDEN],
    "lstm1.input": [HIDDEN, 4 * HIDDEN],
    "lstm1.recurrent": [HIDDEN, 4 * HIDDEN],
    "lstm1.bias": [4 * HIDDEN],
    "lstm2.input": [HIDDEN, 4 * HIDDEN],
    "lstm2.recurrent": [HIDDEN, 4 * HIDDEN],
    "lstm2.bias": [4 * HIDDEN],
    "projection.weight": [HIDDEN, EMBEDDING],
    "projection.bias": [EMBEDDING],
}
INPUTS = {
    **DENSE,
    "inputVectors": [STEPS, BATCH, EMBEDDING],
    "inputMask": [STEPS, BATCH, EMBEDDING],
    "rnnMask": [1, BATCH, HIDDEN],
    "lstm1Mask": [1, BATCH, HIDDEN],
    "lstm2Mask": [1, BATCH, HIDDEN],
    "targetVectors": [POSITIONS, EMBEDDING],
    "targetBias": [POSITIONS, 1],
    "negativeVectors": [NEGATIVES, EMBEDDING],
    "negativeBias": [1, NEGATIVES],
}


class Draw:
    """x = 1664525 x + 1013904223 mod 2^32; values are uniform over [-1, 1)."""

    def __init__(self):
        self.state = 1

    def tensor(self, shape):
        size = 1
        for length in shape:
            size *= length
        values = []
        for _ in range(size):
            self.state = (self.state * 1664525 + 1013904223) % 2**32
            values.append(self.state / 2**31 - 1)
        return torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_(True)


def recurrent(kind, weights, name, width):
    module = kind(width, HIDDEN).double()
    with torch.no_grad():
        module.weight_ih_l0.copy_(weights[f"{name}.input"].T)
        module.weight_hh_l0.copy_(weights[f"{name}.recurrent"].T)
        module.bias_ih_l0.copy_(weights[f"{name}.bias"])
        module.bias_hh_l0.zero_()
    return module


def forward(t, rnn, lstm1, lstm2):
    hidden = rnn(t["inputVectors"] * t["inputMask"].detach())[0] * t["rnnMask"].detach()
    hidden = hidden + lstm1(hidden)[0] * t["lstm1Mask"].detach()
    hidden = hidden + lstm2(hidden)[0] * t["lstm2Mask"].detach()
    query = hidden.reshape(-1, HIDDEN)[PLACES] @ t["projection.weight"] + t["projection.bias"]
    positive = (query * t["targetVectors"]).sum(1, keepdim=True) + t["targetBias"]
    negative = query @ t["negativeVectors"].T + t["negativeBias"]
    is_target = torch.tensor(TARGET_ROWS)[:, None] == torch.tensor(NEGATIVE_ROWS)[None, :]
    negative = negative.masked_fill(is_target, -1e9)
    return -torch.log_softmax(torch.cat([positive, negative], 1), 1)[:, 0].sum()


def encode(gradient):
    """Little-endian float32, in base64."""
    return base64.b64encode(gradient.contiguous().float().numpy().tobytes()).decode()


def main():
    draw = Draw()
    tensors = {name: draw.tensor(shape) for name, shape in INPUTS.items()}
    rnn = recurrent(torch.nn.RNN, tensors, "rnn", EMBEDDING)
    lstm1 = recurrent(torch.nn.LSTM, tensors, "lstm1", HIDDEN)
    lstm2 = recurrent(torch.nn.LSTM, tensors, "lstm2", HIDDEN)
    loss = forward(tensors, rnn, lstm1, lstm2)
    (loss / POSITIONS).backward()

    gradients = {}
    for name, module in (("rnn", rnn), ("lstm1", lstm1), ("lstm2", lstm2)):
        gradients[f"{name}.input"] = module.weight_ih_l0.grad.T
        gradients[f"{name}.recurrent"] = module.weight_hh_l0.grad.T
        gradients[f"{name}.bias"] = module.bias_ih_l0.grad
    for name in ("projection.weight", "projection.bias", "inputVectors", "targetVectors"):
        gradients[name] = tensors[name].grad
    for name in ("targetBias", "negativeVectors", "negativeBias"):
        gradients[name] = tensors[name].grad

    golden = {
        "torch": torch.__version__,
        "dimensions": {"embedding": EMBEDDING, "hidden": HIDDEN},
        "steps": STEPS,
        "batch": BATCH,
        "negatives": NEGATIVES,
        "inputs": INPUTS,
        "places": PLACES,
        "targetRows": TARGET_ROWS,
        "negativeRows": NEGATIVE_ROWS,
        "loss": loss.item(),
        "gradients": {name: encode(gradient) for name, gradient in gradients.items()},
    }
    path = pathlib.Path(__file__).with_name("gradients.golden.json")
    path.write_text(json.dumps(golden) + "\n")


main()
