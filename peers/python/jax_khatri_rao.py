"""JAX with ngdbench's algorithm: the inputs A and the adjoints D of each layer are kept, C channels of N points, and T
is only ever contracted with them. What it differs from ngdbench in is the code, not the method.

A is C×N×in, D is C×N×out for each layer; row n of T is Σ_c A[c,n] ⊗ D[c,n] (weights) and D[0,n] (bias).
"""
import serve

INPUTS, OUTPUTS, THREADS = serve.arguments()
serve.restrict(THREADS)

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

case = serve.Case(INPUTS)
X, source = jnp.array(case.points), jnp.array(case.source)
theta, v, omega = jnp.array(case.theta), jnp.array(case.v), jnp.array(case.omega)
N, d = X.shape
C = d + 2  # value, gradient, Laplacian
scale = 1 / np.sqrt(N)


def block(limit):
    """The largest divisor of N that is at most limit."""
    return max(b for b in range(1, limit + 1) if N % b == 0)


WIDEST = max(case.widths)
BLOCK = block(64000 // WIDEST)  # points of a product: a channel array of one layer takes 2 MB
PANEL = block(400)              # points whose rows of T are made at once in a sketch
STRUCTURED = WIDEST >= 128      # the kernel matrix by products of channels; below, XLA is faster on rows of T


def forward(theta, shifts):
    """Residuals, and the inputs of all layers; shifts are added to the pre-activations."""
    A = jnp.concatenate([X[None], jnp.broadcast_to(jnp.eye(d)[:, None, :], (d, N, d)), jnp.zeros((1, N, d))], 0)
    inputs, params = [], case.split(theta)
    for i, ((W, b), e) in enumerate(zip(params, shifts)):
        inputs.append(A)
        A = (A @ W + e).at[0].add(b)
        if i < len(params) - 1:
            z, D, L = A[0], A[1:1 + d], A[1 + d]
            t = jnp.tanh(z)
            t1 = 1 - t * t
            t2 = -2 * t * t1
            A = jnp.concatenate([t[None], t1 * D, (t2 * jnp.sum(D * D, 0) + t1 * L)[None]], 0)
    return scale * (-A[1 + d, :, 0] - source), inputs


def linearise(theta):
    """r, A, D: one forward and one backward pass."""
    zeros = [jnp.zeros((C, N, m)) for _, m in case.shapes]
    r, pull, inputs = jax.vjp(lambda e: forward(theta, e), zeros, has_aux=True)
    return r, inputs, pull(jnp.ones(N))[0]


def apply(inputs, adjoints, v):
    """T v."""
    return sum(jnp.einsum("cnj,cnj->n", A @ V, D) + D[0] @ c for A, D, (V, c) in zip(inputs, adjoints, case.split(v)))


def apply_t(inputs, adjoints, y):
    """Tᵀ y."""
    out = []
    for A, D in zip(inputs, adjoints):
        Dy = D * y[None, :, None]
        out += [(A.reshape(-1, A.shape[2]).T @ Dy.reshape(-1, D.shape[2])).ravel(), Dy[0].sum(0)]
    return jnp.concatenate(out)


def rows(inputs, adjoints):
    """The rows of T as a matrix."""
    out = []
    for A, D in zip(inputs, adjoints):
        W = sum(A[c][:, :, None] * D[c][:, None, :] for c in range(C))
        out += [W.reshape(W.shape[0], -1), D[0]]
    return jnp.concatenate(out, 1)


def blocks(arrays, size):
    """Cuts the points of each array into blocks, the first axis of the result."""
    return [a.reshape(C, N // size, size, -1).swapaxes(0, 1) for a in arrays]


def over_blocks(inputs, adjoints, start, step):
    return jax.lax.scan(lambda sum, ad: (sum + step(*ad), None), start, (inputs, adjoints))[0]


def gram_product(inputs, adjoints, v):
    """TᵀT v by blocks of points, so that the second half finds its block in cache."""
    return over_blocks(inputs, adjoints, jnp.zeros_like(v), lambda A, D: apply_t(A, D, apply(A, D, v)))


def sketch(inputs, adjoints):
    """Ω TᵀT by panels of rows of T, which are made, used twice and dropped."""
    def step(A, D):
        J = rows(A, D)
        return (J @ omega.T).T @ J
    return over_blocks(blocks(inputs, PANEL), blocks(adjoints, PANEL), jnp.zeros_like(omega), step)


def gradient(theta):
    r, inputs, adjoints = linearise(theta)
    return apply_t(inputs, adjoints, r)


def kernel(theta):
    """TTᵀ: of hidden layers by products of channels where they are wide, of all else by rows of T."""
    _, inputs, adjoints = linearise(theta)
    if not STRUCTURED:
        J = rows(inputs, adjoints)
        return J @ J.T
    K = jnp.zeros((N, N))
    for i, (A, D) in enumerate(zip(inputs, adjoints)):
        if i in (0, len(inputs) - 1):
            J = rows([A], [D])
            K += J @ J.T
            continue
        for c in range(C):
            for e in range(C):
                P = A[c] @ A[e].T
                K += (P + 1 if c == e == 0 else P) * (D[c] @ D[e].T)
    return K


def gramian(theta):
    """TᵀT; the barrier as in jax_forward.py."""
    A = jax.lax.optimization_barrier(rows(*linearise(theta)[1:]).T)
    return A @ A.T


def unit(function, *arguments, pick=lambda out: out):
    compiled = jax.jit(function)
    return lambda: jax.block_until_ready(compiled(*arguments)), lambda out: np.asarray(pick(out))


def state(size=None):
    _, inputs, adjoints = jax.jit(linearise)(theta)
    if size:
        inputs, adjoints = blocks(inputs, size), blocks(adjoints, size)
    return jax.block_until_ready((inputs, adjoints))


UNITS = {
    "loss": lambda: unit(lambda t: 0.5 * jnp.sum(forward(t, [0.0] * len(case.shapes))[0] ** 2), theta),
    "gradient": lambda: unit(gradient, theta),
    "linearise": lambda: unit(linearise, theta, pick=lambda out: out[0]),
    "product": lambda: unit(gram_product, *state(BLOCK), v),
    "sketch": lambda: unit(sketch, *state()),
    "jacobian": lambda: unit(lambda t: rows(*linearise(t)[1:]), theta),
    "kernel": lambda: unit(kernel, theta),
    "gramian": lambda: unit(gramian, theta),
}

if __name__ == "__main__":
    serve.serve(serve.versions("jax", "jaxlib", "numpy"), UNITS, case, OUTPUTS)
