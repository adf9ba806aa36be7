package harness

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"
)

// The random streams of a training and the axes that name each. A stream depends on nothing else, neither on the suite
// nor on the budget, so that every method starts from the same θ₀ and the same points in every suite; the evaluation
// points are one set per problem. Two values of damping are compared with the same sketches.
var streamAxes = map[string][]string{
	"theta":      {"problem", "net", "seed"},
	"points":     {"problem", "points", "seed"},
	"evaluation": {"problem"},
	"redraw":     {"problem", "points", "seed"},
	"solver":     {"problem", "points", "net", "opt", "rank", "seed"},
}

// Stream is the random stream named by a use and the values of axes of a resolved cell: a PCG whose 128-bit seed is the
// beginning of the SHA-256 of "use/axis=value/…". The five uses of this package (theta, points, evaluation, redraw,
// solver) have their axes in a table and are asked for without: Stream(c, "points").
func Stream(c Cell, use string, axes ...string) *rand.Rand {
	seed := streamSeed(c, use, axes...)
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:])))
}

func streamSeed(c Cell, use string, axes ...string) (seed [16]byte) {
	if known, ok := streamAxes[use]; ok {
		if len(axes) > 0 {
			panic("harness: the axes of this stream are fixed")
		}
		axes = known
	}
	var b strings.Builder
	b.WriteString(use)
	for _, a := range axes {
		if c[a] == "" {
			panic("harness: random stream of a cell that is not resolved")
		}
		b.WriteString("/" + a + "=" + c[a])
	}
	h := sha256.Sum256([]byte(b.String()))
	copy(seed[:], h[:])
	return seed
}

// streamSeeds lists the streams of a training with their seeds in hex, for the record.
func streamSeeds(c Cell) map[string]string {
	out := map[string]string{}
	for use := range streamAxes {
		seed := streamSeed(c, use)
		out[use] = hex.EncodeToString(seed[:])
	}
	return out
}
