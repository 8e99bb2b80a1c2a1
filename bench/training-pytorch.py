"""The same training step as ours in PyTorch, for bench/training.bench.ts.

Reads the folder of inputs that the benchmark wrote, then one line per round from standard input
(the numbers of the first and the last step), trains those steps, and answers with the seconds,
by the clock and of the processor, and the mean loss as JSON.
"""

import json
import pathlib
import sys
import time

import numpy as np
import torch

torch.set_num_threads(1)
torch.manual_seed(1)
folder = sys.argv[1]
config = json.load(open(f"{folder}/config.json"))
D, H = config["embedding"], config["hidden"]


def integers(name):
    return torch.from_numpy(np.fromfile(f"{folder}/{name}.i32", np.int32).astype(np.int64))


items, starts, steps, artists = (integers(name) for name in ("items", "starts", "steps", "artists"))
plan, plan_offsets = integers("plan"), integers("planOffsets")
log_chance = torch.from_numpy(np.fromfile(f"{folder}/logChance.f32", np.float32))
cumulative = np.cumsum(np.exp(log_chance.numpy().astype(np.float64)))
cumulative /= cumulative[-1]


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.songs = torch.nn.Embedding(config["songs"], D, sparse=True)
        self.artists = torch.nn.Embedding(config["artists"], D, sparse=True)
        self.bias = torch.nn.Embedding(config["songs"], 1, sparse=True)
        torch.nn.init.uniform_(self.songs.weight, -0.05, 0.05)
        torch.nn.init.zeros_(self.artists.weight)
        torch.nn.init.zeros_(self.bias.weight)
        self.rnn = torch.nn.RNN(D, H)
        self.lstm1 = torch.nn.LSTM(H, H)
        self.lstm2 = torch.nn.LSTM(H, H)
        self.projection = torch.nn.Linear(H, D)
        self.dropout = torch.nn.Dropout(config["embeddingDropout"])

    def vectors(self, songs):
        return self.songs(songs) + self.artists(artists[songs])

    def mask(self, batch):
        kept = 1 - config["hiddenDropout"]
        return torch.empty(1, batch, H).bernoulli_(kept) / kept

    def forward(self, songs):
        batch = songs.shape[1]
        x = self.dropout(self.vectors(songs))
        h = self.rnn(x)[0] * self.mask(batch)
        if D == H:
            h = h + x
        h = h + self.lstm1(h)[0] * self.mask(batch)
        return h + self.lstm2(h)[0] * self.mask(batch)


net = Network()
tables = [net.songs.weight, net.artists.weight, net.bias.weight]
dense = [p for layer in (net.rnn, net.lstm1, net.lstm2, net.projection) for p in layer.parameters()]
adam = torch.optim.Adam(dense, lr=config["learningRate"])
sparse_adam = torch.optim.SparseAdam(tables, lr=config["learningRate"])


def batch_of(step):
    members = plan[plan_offsets[step] : plan_offsets[step + 1]]
    lengths = steps[members]
    time_axis = torch.arange(int(lengths.max()))[:, None]
    real = time_axis < lengths[None, :]
    places = (starts[members][None, :] + time_axis).clamp(max=len(items) - 2)
    return torch.where(real, items[places], 0), real, items[places + 1][real]


def train_step(step):
    songs, real, targets = batch_of(step)
    drawn = np.searchsorted(cumulative, np.random.rand(config["negatives"]))
    negatives = torch.from_numpy(drawn.clip(0, config["songs"] - 1))
    queries = net.projection(net(songs)[real])
    positive = (queries * net.vectors(targets)).sum(1) + net.bias(targets)[:, 0] - log_chance[targets]
    scores = torch.addmm(
        net.bias(negatives)[:, 0] - log_chance[negatives], queries, net.vectors(negatives).T
    )
    scores = scores.masked_fill(targets[:, None] == negatives[None, :], -1e9)
    logits = torch.cat([positive[:, None], scores], 1)
    loss = torch.nn.functional.cross_entropy(logits, torch.zeros(len(targets), dtype=torch.long))
    adam.zero_grad()
    sparse_adam.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(dense, 1.0)
    adam.step()
    sparse_adam.step()
    return loss.item()


def blas():
    """File name of the library that multiplies PyTorch's matrices."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    return ", ".join(sorted(pathlib.Path(path).name for path in paths)) or "built in"


print(json.dumps({"torch": torch.__version__, "blas": blas()}), flush=True)
for line in sys.stdin:
    first, last = map(int, line.split())
    started, started_cpu = time.perf_counter(), time.process_time()
    losses = [train_step(step) for step in range(first, last)]
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - started_cpu
    answer = {"seconds": seconds, "cpuSeconds": cpu_seconds, "loss": sum(losses) / len(losses)}
    print(json.dumps(answer), flush=True)
