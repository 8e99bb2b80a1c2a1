"""Makes layers.golden.json: the six layers as PyTorch computes them, in double precision.

    python3 make-golden.py > layers.golden.json

Needs PyTorch (Debian: python3-torch, made with 1.13.1). Only the JSON is used by the tests. Weights
and inputs are numbers of one linear congruential generator, which the test repeats, so the file holds
results only. Weights are [in, out] with LSTM gates in the order i, f, g, o, as in our checkpoints.
"""
import json
import sys

import torch

torch.set_default_dtype(torch.float64)
LENGTHS = [7, 5, 1, 6, 3]
SONGS = 20


def generator(seed):
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state / 2**32 - 0.5


def case(embedding, hidden, seed):
    numbers = generator(seed)

    def tensor(*shape):
        count = torch.Size(shape).numel()
        values = torch.tensor([next(numbers) for _ in range(count)])
        # The checkpoint holds float32: compute with what it holds.
        return values.float().double().reshape(shape)

    song_vectors = tensor(SONGS, embedding)
    rnn = recurrent(torch.nn.RNN(embedding, hidden), tensor, embedding, hidden, 1)
    lstm1 = recurrent(torch.nn.LSTM(hidden, hidden), tensor, hidden, hidden, 4)
    lstm2 = recurrent(torch.nn.LSTM(hidden, hidden), tensor, hidden, hidden, 4)
    projection_weight = tensor(hidden, embedding)
    projection_bias = tensor(embedding)
    scoring_bias = tensor(SONGS)
    sequences = [[int((next(numbers) + 0.5) * SONGS) for _ in range(n)] for n in LENGTHS]

    results = []
    for rows in sequences:
        x1 = song_vectors[rows]
        x2 = rnn(x1)[0] + (x1 if embedding == hidden else 0)
        x3 = lstm1(x2)[0] + x2
        x4 = (lstm2(x3)[0] + x3)[-1]
        x5 = x4 @ projection_weight + projection_bias
        x6 = song_vectors @ x5 + scoring_bias
        results.append([flat(x) for x in (x1, x2, x3, x4, x5, x6)])
    return {
        "embedding": embedding,
        "hidden": hidden,
        "seed": seed,
        "sequences": sequences,
        # [sequence][layer - 1]: [steps, width] up to layer 3, then one vector.
        "results": results,
    }


def recurrent(module, tensor, inputs, hidden, gates):
    weight, recurrence, bias = (
        tensor(inputs, gates * hidden),
        tensor(hidden, gates * hidden),
        tensor(gates * hidden),
    )
    with torch.no_grad():
        module.weight_ih_l0.copy_(weight.T)
        module.weight_hh_l0.copy_(recurrence.T)
        module.bias_ih_l0.copy_(bias)
        module.bias_hh_l0.zero_()
    return module


def flat(x):
    return [round(value, 9) for value in x.detach().reshape(-1).tolist()]


json.dump({"cases": [case(12, 16, 1), case(16, 16, 2)]}, sys.stdout, separators=(",", ":"))
print()
