"""JAX as its users write a PINN: a forward Laplacian on whole batches, and everything else by JAX's transformations.

Products: jax.linearize and jax.vjp are taken once, inside jit, and what they return is applied by a second compiled
function. Explicit T: reverse mode point by point under vmap, in chunks of points. Of the ways tried, the fastest stands
here; docs/peers.md names the others.
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
scale = 1 / np.sqrt(N)
CHUNK = 16  # points whose rows of T are made at once


def laplacian(params, X):
    """Δu of each row of X: value z, gradient D (d×n×width) and Laplacian L pass through the layers together."""
    n = X.shape[0]
    W, b = params[0]
    z, D, L = X @ W + b, jnp.broadcast_to(W[:, None, :], (d, n, W.shape[1])), jnp.zeros((n, W.shape[1]))
    for W, b in params[1:]:
        t = jnp.tanh(z)
        t1 = 1 - t * t
        t2 = -2 * t * t1
        L = t2 * jnp.sum(D * D, axis=0) + t1 * L
        D = t1 * D
        z, D, L = t @ W + b, D @ W, L @ W
    return L[:, 0]


def residual(theta):
    return scale * (-laplacian(case.split(theta), X) - source)


def loss(theta):
    return 0.5 * jnp.sum(residual(theta) ** 2)


def row(params, x, f):
    return scale * (-laplacian(params, x[None])[0] - f)


def jacobian(theta):
    params = case.split(theta)

    def gradient(p):
        return jnp.concatenate([a.ravel() for pair in jax.grad(row)(params, *p) for a in pair])
    return jax.lax.map(gradient, (X, source), batch_size=CHUNK)


def linearise(theta):
    r, push = jax.linearize(residual, theta)
    return r, push, jax.vjp(residual, theta)[1]


def sketch(theta):
    J = jacobian(theta)
    return (J @ omega.T).T @ J


def kernel(theta):
    J = jacobian(theta)
    return J @ J.T


def gramian(theta):
    """TᵀT. The barrier keeps the transpose as a copy: XLA's product along the last axes takes 0.6 of the time of that
    along the first ones, copy included."""
    A = jax.lax.optimization_barrier(jacobian(theta).T)
    return A @ A.T


def unit(function, *arguments, pick=lambda out: out):
    compiled = jax.jit(function)
    return lambda: jax.block_until_ready(compiled(*arguments)), lambda out: np.asarray(pick(out))


def product():
    _, push, pull = jax.block_until_ready(jax.jit(linearise)(theta))
    return unit(lambda push, pull, v: pull(push(v))[0], push, pull, v)


UNITS = {
    "loss": lambda: unit(loss, theta),
    "gradient": lambda: unit(jax.grad(loss), theta),
    "linearise": lambda: unit(linearise, theta, pick=lambda out: out[0]),
    "product": product,
    "sketch": lambda: unit(sketch, theta),
    "jacobian": lambda: unit(jacobian, theta),
    "kernel": lambda: unit(kernel, theta),
    "gramian": lambda: unit(gramian, theta),
}

if __name__ == "__main__":
    serve.serve(serve.versions("jax", "jaxlib", "numpy"), UNITS, case, OUTPUTS)
