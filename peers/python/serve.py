"""Inputs, outputs and the dialogue that the peers share. Needs numpy alone.

A peer is started as `python PEER.py INPUTS OUTPUTS THREADS`. It reads one line of JSON for each request,

    {"unit": "gradient", "seconds": 0.5, "most": 10}

runs that unit until it has taken so many seconds or so many samples, and answers with one line,

    {"unit": "gradient", "samples": [...], "first": seconds of the first call, compilation included}

or {"unit": ..., "error": why}. The first call of a unit is no sample; what it computed is written to OUTPUTS/NAME.npy.
An empty line or the end of the input ends the peer.
"""
import gc
import json
import os
import sys
import time


def restrict(threads):
    """One numerical library must not start more threads than the others: set before any is loaded.

    The parent has pinned this process to as many cores, which XLA counts; the variables are for OpenMP and MKL.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC"):
        os.environ[name] = str(threads)


class Case:
    """The problem as the parent wrote it: arrays of float64 in the parameter order of ngdbench (W_1, b_1, W_2, …,
    weights out×in), and the same in the order that suits row vectors (weights in×out)."""

    def __init__(self, folder):
        import numpy as np

        def load(name):
            return np.load(os.path.join(folder, name + ".npy"))

        with open(os.path.join(folder, "case.json")) as f:
            self.widths = json.load(f)["widths"]
        self.shapes = list(zip(self.widths[:-1], self.widths[1:]))
        order, start = [], 0
        for n, m in self.shapes:
            order += [start + np.arange(n * m).reshape(m, n).T.ravel(), start + n * m + np.arange(m)]
            start += n * m + m
        self.order = np.concatenate(order)  # theirs = ours[order]
        self.params = start
        self.theta = load("theta")[self.order]
        self.v = load("v")[self.order]
        self.omega = load("omega")[:, self.order]
        self.points, self.source, self.y, self.rows = load("points"), load("source"), load("y"), load("rows").astype(int)

    def split(self, flat):
        """[(W, b), …] of a vector in in×out order, as views."""
        out, start = [], 0
        for n, m in self.shapes:
            out.append((flat[start:start + n * m].reshape(n, m), flat[start + n * m:start + n * m + m]))
            start += n * m + m
        return out

    def ours(self, a):
        """The last axis of a put into the parameter order of ngdbench."""
        import numpy as np
        back = np.empty_like(a)
        back[..., self.order] = a
        return back


def comparable(case):
    """How a result of a unit becomes the arrays that are compared; a large matrix is told by some rows and a product."""
    def by_params(matrix, x):
        return {"rows": case.ours(matrix[case.rows]), "product": matrix @ x}

    return {
        "loss": lambda a: {"value": a.reshape(1)},
        "gradient": lambda a: {"value": case.ours(a)},
        "linearise": lambda a: {"residual": a},
        "product": lambda a: {"value": case.ours(a)},
        "sketch": lambda a: {"value": case.ours(a)},
        "jacobian": lambda a: by_params(a, case.v),
        "kernel": lambda a: {"rows": a[case.rows], "product": a @ case.y},
        "gramian": lambda a: {"rows": gram_rows(case, a), "product": case.ours(a @ case.v)},
    }


def gram_rows(case, a):
    """Rows of TᵀT by the numbers that ngdbench gives them."""
    import numpy as np
    place = np.argsort(case.order)  # of our parameter in theirs
    return case.ours(a[place[case.rows % case.params]])


def limit_memory():
    """Ends a call that asks for too much as an error of its own, before the machine has none left."""
    try:
        import resource
        limit = int(os.environ.get("PEERS_MEMORY_BYTES", "0"))
        if limit > 0:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    except (ImportError, ValueError, OSError):
        pass


def serve(versions, units, case, outputs):
    """Answers requests. units: name → function without arguments that returns (call, numpy): call runs the unit and
    waits for its end; numpy turns what it returned into one array."""
    import numpy as np
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    limit_memory()
    finish = comparable(case)

    def say(**what):
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    say(versions=versions)
    current, call = None, None
    for line in sys.stdin:
        if not line.strip():
            return
        ask = json.loads(line)
        name, first = ask["unit"], 0.0
        try:
            if name != current:
                current = call = None
                gc.collect()
                t = time.perf_counter()
                call, numpy = units[name]()
                result = call()
                first = time.perf_counter() - t
                for what, value in finish[name](numpy(result)).items():
                    np.save(os.path.join(outputs, name + "." + what + ".npy"), np.ascontiguousarray(value, dtype="<f8"))
                del result
                current = name
            gc.collect()
            gc.disable()
            samples = []
            while not samples or sum(samples) < ask["seconds"] and len(samples) < ask["most"]:
                t = time.perf_counter()
                result = call()
                samples.append(time.perf_counter() - t)
                del result
            gc.enable()
            say(unit=name, samples=samples, first=first)
        except Exception as e:  # the other units may still go
            gc.enable()
            current = call = None
            say(unit=name, error=(type(e).__name__ + ": " + str(e)).split("\n")[0][:300])


def versions(*packages):
    """Of Python and of packages, by name."""
    from importlib import metadata
    return {"python": sys.version.split()[0], **{p: metadata.version(p) for p in packages}}


def arguments():
    inputs, outputs, threads = sys.argv[1:4]
    return inputs, outputs, int(threads)
