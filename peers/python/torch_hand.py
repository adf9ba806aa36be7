"""PyTorch with hand-written passes: forward Laplacian, its tangent and its adjoint on whole batches, in place where
that is possible, without autograd.

The C channels of N points lie in one array C×N×width, so that each layer is one product. TᵀT v is a tangent pass and an
adjoint pass through the network; explicit T is an adjoint pass and an outer product for each point.
"""
import serve

INPUTS, OUTPUTS, THREADS = serve.arguments()
serve.restrict(THREADS)

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(THREADS)
torch.set_grad_enabled(False)

case = serve.Case(INPUTS)
X, source = torch.from_numpy(case.points), torch.from_numpy(case.source)
theta, v, omega = torch.from_numpy(case.theta), torch.from_numpy(case.v), torch.from_numpy(case.omega)
N, d = X.shape
C = d + 2  # value, gradient, Laplacian
scale = 1 / np.sqrt(N)
LAPLACIAN = 1 + d
START = torch.zeros(C, N, d)
START[0] = X
for k in range(d):
    START[1 + k, :, k] = 1


def layer(A, W):
    return (A.reshape(-1, A.shape[2]) @ W).reshape(C, N, -1)


class Layer:
    """What the passes need of one hidden layer: input A, pre-activation Z, σ and its derivatives."""

    def __init__(self, A, W, b):
        self.A, self.Z = A, layer(A, W)
        self.Z[0] += b
        D = self.Z[1:LAPLACIAN]
        self.t = torch.tanh(self.Z[0])
        self.t1 = 1 - self.t * self.t
        self.t2 = -2 * self.t * self.t1
        self.q = (D * D).sum(0)

    def output(self):
        B = self.t1 * self.Z
        B[0] = self.t
        B[LAPLACIAN].addcmul_(self.t2, self.q)
        return B

    def curve(self):
        """The derivative of the Laplacian channel with respect to z, for the passes that come."""
        self.w = self.t1 * (6 * self.t * self.t - 2) * self.q
        self.w.addcmul_(self.t2, self.Z[LAPLACIAN])
        return self

    def tangent(self, dZ):
        D = self.Z[1:LAPLACIAN]
        out = self.t1 * dZ
        s = self.t2 * dZ[0]
        out[1:LAPLACIAN].addcmul_(s, D)
        out[LAPLACIAN].addcmul_(dZ[0], self.w).add_(self.t2 * (D * dZ[1:LAPLACIAN]).sum(0), alpha=2)
        return out

    def adjoint(self, G):
        D = self.Z[1:LAPLACIAN]
        out = self.t1 * G
        out[0].addcmul_(self.t2, (D * G[1:LAPLACIAN]).sum(0)).addcmul_(G[LAPLACIAN], self.w)
        out[1:LAPLACIAN].addcmul_(2 * self.t2 * G[LAPLACIAN], D)
        return out


def forward(params):
    """r, hidden layers, input of the output layer."""
    A, layers = START, []
    for W, b in params[:-1]:
        layers.append(Layer(A, W, b))
        A = layers[-1].output()
    return scale * (-(A[LAPLACIAN] @ params[-1][0])[:, 0] - source), layers, A


def linearise():
    params = case.split(theta)
    r, layers, A = forward(params)
    return r, params, [l.curve() for l in layers], A


def apply(state, v):
    """T v."""
    _, params, layers, A = state
    tangents, dA = case.split(v), None
    for l, (W, _), (V, c) in zip(layers, params, tangents):
        dZ = layer(l.A, V)
        if dA is not None:
            dZ.view(-1, W.shape[1]).addmm_(dA.view(-1, W.shape[0]), W)
        dZ[0] += c
        dA = l.tangent(dZ)
    return -scale * (A[LAPLACIAN] @ tangents[-1][0] + dA[LAPLACIAN] @ params[-1][0])[:, 0]


def adjoints(state, y):
    """∂(y·r)/∂Z of the hidden layers, last first."""
    _, params, layers, _ = state
    G = torch.zeros(C, N, params[-1][0].shape[0])
    torch.mul(y[:, None], -scale * params[-1][0].T, out=G[LAPLACIAN])
    for l, (W, _) in zip(reversed(layers), reversed(params[:-1])):
        D = l.adjoint(G)
        yield l, D
        if l.A is not START:
            G = layer(D, W.T)


def apply_t(state, y):
    """Tᵀ y."""
    A = state[3]
    out = [torch.zeros(1), -scale * (A[LAPLACIAN].T @ y)]
    for l, D in adjoints(state, y):
        out += [D[0].sum(0), (l.A.reshape(-1, l.A.shape[2]).T @ D.view(-1, D.shape[2])).ravel()]
    return torch.cat(out[::-1])


def jacobian(state):
    """T: for each point and layer a product in×C times C×out, written where it belongs."""
    J = torch.empty(N, case.params)
    end = case.params - 1
    J[:, end] = 0
    A = state[3]
    J[:, end - A.shape[2]:end] = -scale * A[LAPLACIAN]
    end -= A.shape[2]
    for l, D in adjoints(state, torch.ones(N)):
        n, m = l.A.shape[2], D.shape[2]
        J[:, end - m:end] = D[0]
        end -= m
        J[:, end - n * m:end].view(N, n, m).copy_(torch.bmm(l.A.permute(1, 2, 0), D.permute(1, 0, 2)))
        end -= n * m
    return J


def sketch(state):
    J = jacobian(state)
    return (J @ omega.T).T @ J


def loss():
    r = forward(case.split(theta))[0]
    return 0.5 * (r @ r)


def gradient():
    state = linearise()
    return apply_t(state, state[0])


def square(transpose):
    J = jacobian(linearise())
    return J.T @ J if transpose else J @ J.T


def unit(call, pick=lambda out: out):
    return call, lambda out: pick(out).numpy()


def held(function, *arguments):
    state = linearise()
    return unit(lambda: function(state, *arguments))


UNITS = {
    "loss": lambda: unit(loss),
    "gradient": lambda: unit(gradient),
    "linearise": lambda: unit(linearise, pick=lambda out: out[0]),
    "product": lambda: held(lambda state: apply_t(state, apply(state, v))),
    "sketch": lambda: held(sketch),
    "jacobian": lambda: unit(lambda: jacobian(linearise())),
    "kernel": lambda: unit(lambda: square(False)),
    "gramian": lambda: unit(lambda: square(True)),
}

if __name__ == "__main__":
    serve.serve(serve.versions("torch", "numpy"), UNITS, case, OUTPUTS)
